/** One side of a comparison: which of its runs stand out, which are left out, and which stands for all. */
import type { ComparedSide, RunMark } from '../../protocol/comparison.ts';
import { PodometerError } from '../../protocol/errors.ts';
import type { ProcessView, RunView } from '../../protocol/query.ts';
import type { HostFacts } from '../../protocol/run.ts';
import type { ContainerUse } from './container-uses.ts';
import { hasFailed } from './run-outcome.ts';
import { cpuSecondsOf } from './run-view.ts';
import { outliers } from './statistics/outliers.ts';
import { median } from './statistics/quantile.ts';

export interface ComparedRun {
  readonly run: RunView;
  readonly processes: readonly ProcessView[];
  readonly containers: readonly ContainerUse[];
}

/** Its runs oldest first, at least one. */
export interface SideInput {
  readonly label: string;
  readonly runs: readonly ComparedRun[];
}

export interface Side {
  readonly view: ComparedSide;
  /** Those not left out. */
  readonly runs: readonly ComparedRun[];
  readonly typical: ComparedRun;
}

export interface SideOptions {
  /** Of most runs of the comparison (see `commonHostType`). */
  readonly hostType: string | undefined;
  readonly leaveOut: readonly RunMark[];
  /** Outliers nearer to the median than this share of it are none. */
  readonly effect: number;
}

/** Throws PODO_BAD_REQUEST where nothing would be left. */
export function sideOf({ label, runs }: SideInput, options: SideOptions): Side {
  const marks = marksOf(runs, options);
  const views = runs.map(({ run }, i) => {
    const own = marks[i] ?? [];
    const leftOut = own.some((mark) => options.leaveOut.includes(mark));
    return { id: run.id, ref: run.ref, startedAt: run.startedAt, marks: own, leftOut };
  });
  const kept = runs.filter((_, i) => views[i]?.leftOut === false);
  const typical = typicalOf(kept);
  if (typical === undefined) {
    throw new PodometerError(
      'PODO_BAD_REQUEST',
      `Of "${label}" no run is left once ${options.leaveOut.join(', ')} are left out`,
      'Leave fewer out, or name other runs.',
    );
  }
  return { view: { label, runs: views }, runs: kept, typical };
}

/** CPU model, number of CPUs and memory: what runs on one type of host share. */
export function hostType(host: HostFacts | undefined): string | undefined {
  if (host === undefined) return undefined;
  return `${host.cpuModel}, ${host.cores} CPUs, ${(host.memoryBytes / 2 ** 30).toFixed(1)} GiB`;
}

/** That of most of the runs; of the first where several are as frequent. */
export function commonHostType(runs: readonly ComparedRun[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { run } of runs) {
    const type = hostType(run.host);
    if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

function marksOf(runs: readonly ComparedRun[], { hostType: usual, effect }: SideOptions): RunMark[][] {
  const slow = outlyingRuns(runs, effect);
  return runs.map(({ run }, i) => {
    const type = hostType(run.host);
    const isFailed = run.outcome !== undefined && hasFailed(run.outcome);
    const marks: (RunMark | false)[] = [
      slow.has(i) && (i === 0 && isSlowest(runs, run) ? 'warm-up' : 'outlier'),
      type !== undefined && type !== usual && 'other-host',
      isFailed && 'failed',
      run.state !== 'finished' && 'unfinished',
    ];
    return marks.filter((mark) => mark !== false);
  });
}

function outlyingRuns(runs: readonly ComparedRun[], effect: number): Set<number> {
  const found = new Set<number>();
  for (const read of [wallOf, (one: ComparedRun) => cpuSecondsOf(one.run.measures)]) {
    const known = runs.flatMap((one, place) => {
      const value = read(one);
      return value === undefined ? [] : [{ place, value }];
    });
    const values = known.map(({ value }) => value);
    if (values.length === 0) continue;
    for (const i of outliers(values, effect * median(values))) found.add(known[i]?.place ?? 0);
  }
  return found;
}

function isSlowest(runs: readonly ComparedRun[], { measures }: RunView): boolean {
  return runs.every((one) => (wallOf(one) ?? 0) <= (measures.wallSeconds ?? 0));
}

function wallOf({ run }: ComparedRun): number | undefined {
  return run.measures.wallSeconds;
}

function typicalOf(runs: readonly ComparedRun[]): ComparedRun | undefined {
  const walls = runs.map((one) => wallOf(one) ?? 0);
  if (walls.length === 0) return undefined;
  const middle = median(walls);
  const distance = (one: ComparedRun): number => Math.abs((wallOf(one) ?? 0) - middle);
  return runs.toSorted((a, b) => distance(a) - distance(b))[0];
}
