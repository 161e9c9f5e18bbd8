/** In which phase of the run the processes that a change is put down to took, used, read or wrote most of it. */
import type { Attribution, PhasePair } from '../../../protocol/comparison.ts';
import type { Phase } from '../../../protocol/findings.ts';
import { type ColumnName, columnById, columnByName } from '../../../protocol/metrics.ts';
import type { ColumnSeries, ProcessEntry, RunRecord, Store } from '../../store/model.ts';
import { sinceOrigin } from '../counter-origin.ts';
import type { Samples } from '../downsample.ts';
import { processKey } from '../summary.ts';
import { unitValue } from '../unit-value.ts';
import { wholeRun } from '../whole-run.ts';
import { duration } from '../wording.ts';

/** Of what the processes changed by. */
const MOST = 0.5;

/** What a measure is made of, apart from time; a level has no phase of its own. */
const COLUMNS: Readonly<Record<string, readonly ColumnName[]>> = {
  wallSeconds: [],
  cpuSeconds: ['utimeTicks', 'stimeTicks', 'cpuTimeMs'],
  readBytes: ['readBytes'],
  writeBytes: ['writeBytes'],
};

interface StandingRuns {
  readonly a: RunRecord;
  readonly b: RunRecord;
}

type Reader = Pick<Store, 'directory' | 'series'>;

/** `runs`: those that stand for the sides, whose phases the pairs are. */
export function withPhases(
  store: Reader,
  attributions: readonly Attribution[],
  runs: StandingRuns,
  pairs: readonly PhasePair[],
): Attribution[] {
  return attributions.map((one) => {
    const [cause, ...others] = one.causes;
    if (cause === undefined || others.length > 0 || pairs.length < 2) return one;
    const place = mostIn(store, one.measure, cause, runs, pairs);
    const pair = place === undefined ? undefined : pairs[place];
    if (place === undefined || pair === undefined) return one;
    const where =
      pair.b === undefined
        ? ', which is gone'
        : ` (from ${duration(pair.b.fromMs / 1000)} to ${duration(pair.b.toMs / 1000)})`;
    const phase = `most of it in phase ${place + 1} of ${pairs.length}${where}`;
    return {
      ...one,
      sentence: `${one.sentence.replace(/\.$/, '')}; ${phase}.`,
      causes: [{ ...cause, phase: place + 1 }],
    };
  });
}

/** The place of the pair of phases that holds most of the change; undefined where none does, or nothing is known. */
function mostIn(
  store: Reader,
  measure: string,
  { processes }: Attribution['causes'][number],
  runs: StandingRuns,
  pairs: readonly PhasePair[],
): number | undefined {
  const columns = COLUMNS[measure];
  if (columns === undefined) return undefined;
  const before = amountIn(store, runs.a, processes.a, columns);
  const after = amountIn(store, runs.b, processes.b, columns);
  const changes = pairs.map(({ a, b }) => (b ? after(b) : 0) - (a ? before(a) : 0));
  const whole = changes.reduce((sum, change) => sum + change, 0);
  const place = changes.findIndex((change) => whole !== 0 && change / whole >= MOST);
  return place < 0 ? undefined : place;
}

/** How much of the columns these processes used in a phase; without columns, how long at least one of them lived. */
function amountIn(
  store: Reader,
  record: RunRecord,
  keys: readonly string[],
  columns: readonly ColumnName[],
): (phase: Phase) => number {
  const own = store.directory(record.id).processes.filter((process) => keys.includes(processKey(process)));
  if (columns.length === 0) return (phase) => livedIn(own, phase);
  const byKey = new Map(own.map((process) => [processKey(process), process]));
  const series = store.series(record.id, {
    columns: columns.map((name) => columnByName(name)?.id ?? 0),
    subjects: own.map(({ member, index }) => ({ kind: 'process' as const, member, index })),
    resolutionMs: wholeRun(record, own, columns.length).resolutionMs,
  });
  const lines = series.map((one) => ({ one, samples: fromStart(one, byKey.get(processKey(one))) }));
  return ({ fromMs, toMs }) =>
    lines.reduce((sum, { one, samples }) => {
      const growth = valueAt(samples, toMs) - valueAt(samples, fromMs);
      return sum + unitValue(growth, columnById(one.column) ?? { scale: 1 });
    }, 0);
}

function fromStart(series: ColumnSeries, process: ProcessEntry | undefined): Samples {
  const startMs = process?.startMs ?? 0;
  return sinceOrigin(series, startMs < 0 ? undefined : startMs);
}

/** Of a counter, on a straight line between its samples. */
function valueAt({ times, values }: Samples, ms: number): number {
  const next = times.findIndex((time) => time >= ms);
  if (next < 0) return values.at(-1) ?? 0;
  const [later, to] = [times[next] ?? ms, values[next] ?? 0];
  const [earlier, from] = [times[next - 1], values[next - 1]];
  if (earlier === undefined || from === undefined || later === earlier) return to;
  return from + ((to - from) * (ms - earlier)) / (later - earlier);
}

function livedIn(processes: readonly ProcessEntry[], { fromMs, toMs }: Phase): number {
  const lives = processes.toSorted((a, b) => a.startMs - b.startMs);
  let until = fromMs;
  let lived = 0;
  for (const { startMs, endMs = toMs } of lives) {
    const start = Math.max(until, startMs);
    const end = Math.min(toMs, endMs);
    if (end <= start) continue;
    lived += end - start;
    until = end;
  }
  return lived;
}
