/** Two runs side by side: each measure's change, beside what earlier runs of the workload used. */
import { type MeasureValues, measures } from '../../protocol/measures.ts';
import type {
  CompareAnswer,
  MeasureDelta,
  ProcessDelta,
  ProcessView,
  RunView,
} from '../../protocol/query.ts';
import { cautionsOf } from './cautions.ts';
import { historyOf } from './history.ts';
import { measureChange } from './measure-change.ts';
import { resultDeltas } from './result-deltas.ts';

export interface ComparedRun {
  readonly run: RunView;
  readonly processes: readonly ProcessView[];
}

/** `a` is the baseline; `earlier`: the runs of b's workload before it, without a (see `earlierMeasures`). */
export function compareRuns(
  a: ComparedRun,
  b: ComparedRun,
  earlier: readonly MeasureValues[],
): CompareAnswer {
  return {
    a: a.run,
    b: b.run,
    cautions: cautionsOf(a.run, b.run),
    measures: [
      ...measureDeltas(a.run.measures, b.run.measures, earlier),
      ...resultDeltas(a.run.results, b.run.results),
    ],
    processes: processDeltas(a, b),
  };
}

function measureDeltas(
  a: MeasureValues,
  b: MeasureValues,
  earlier: readonly MeasureValues[],
): MeasureDelta[] {
  return measures.flatMap(({ name, label, unit, better }) => {
    const before = a[name];
    const after = b[name];
    if (before === undefined && after === undefined) return [];
    const history = historyOf(earlier, name);
    return [
      { measure: name, label, unit, better, ...measureChange(before, after), ...(history && { history }) },
    ];
  });
}

type Use = ProcessDelta['a'];

const NO_USE: Use = { count: 0, cpuSeconds: 0, wallSeconds: 0 };

/** By command name; the largest difference in CPU time first. The agent's own process is left out. */
function processDeltas(a: ComparedRun, b: ComparedRun): ProcessDelta[] {
  const before = useByCommand(a);
  const after = useByCommand(b);
  const commands = new Set([...before.keys(), ...after.keys()]);
  return [...commands]
    .map((comm) => ({ comm, a: before.get(comm) ?? NO_USE, b: after.get(comm) ?? NO_USE }))
    .sort((x, y) => cpuDifference(y) - cpuDifference(x) || x.comm.localeCompare(y.comm));
}

function cpuDifference({ a, b }: ProcessDelta): number {
  return Math.abs(b.cpuSeconds - a.cpuSeconds);
}

function useByCommand({ run, processes }: ComparedRun): Map<string, Use> {
  const extentMs = (run.measures.wallSeconds ?? 0) * 1000;
  const uses = new Map<string, Use>();
  for (const process of processes) {
    if (process.role !== 'target') continue;
    const sum = uses.get(process.comm) ?? NO_USE;
    uses.set(process.comm, {
      count: sum.count + 1,
      cpuSeconds: sum.cpuSeconds + cpuOf(process),
      wallSeconds: sum.wallSeconds + lifeMs(process, extentMs) / 1000,
    });
  }
  return uses;
}

function cpuOf({ cpuUserSeconds = 0, cpuSystemSeconds = 0, shortLivedCpuSeconds = 0 }: ProcessView): number {
  return cpuUserSeconds + cpuSystemSeconds + shortLivedCpuSeconds;
}

/** The part of the run in which it lived; to the end of the run where its own end is not known. */
function lifeMs({ startMs, endMs }: ProcessView, extentMs: number): number {
  return Math.max(0, (endMs ?? extentMs) - Math.max(0, startMs));
}
