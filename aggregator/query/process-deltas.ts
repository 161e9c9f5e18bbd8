/** What the programs of two sides used, by command name. */
import type { ProcessDelta } from '../../protocol/comparison.ts';
import type { ProcessView } from '../../protocol/query.ts';
import type { ComparedRun } from './side.ts';

type Use = ProcessDelta['a'];

const NO_USE: Use = { count: 0, cpuSeconds: 0, wallSeconds: 0 };

/** The largest difference in CPU time first. The agent's own process is left out. */
export function processDeltas(a: readonly ComparedRun[], b: readonly ComparedRun[]): ProcessDelta[] {
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

/** The mean over the runs. */
function useByCommand(runs: readonly ComparedRun[]): Map<string, Use> {
  const uses = new Map<string, Use>();
  const share = 1 / runs.length;
  for (const { run, processes } of runs) {
    const extentMs = (run.measures.wallSeconds ?? 0) * 1000;
    for (const process of processes) {
      if (process.role !== 'target') continue;
      const sum = uses.get(process.comm) ?? NO_USE;
      uses.set(process.comm, {
        count: sum.count + share,
        cpuSeconds: sum.cpuSeconds + cpuOf(process) * share,
        wallSeconds: sum.wallSeconds + (lifeMs(process, extentMs) / 1000) * share,
      });
    }
  }
  return uses;
}

/** User and kernel mode, its short-lived children included. */
export function cpuOf({
  cpuUserSeconds = 0,
  cpuSystemSeconds = 0,
  shortLivedCpuSeconds = 0,
}: ProcessView): number {
  return cpuUserSeconds + cpuSystemSeconds + shortLivedCpuSeconds;
}

/** The part of the run in which it lived; to the end of the run where its own end is not known. */
export function lifeMs({ startMs, endMs }: ProcessView, extentMs: number): number {
  return Math.max(0, (endMs ?? extentMs) - Math.max(0, startMs));
}
