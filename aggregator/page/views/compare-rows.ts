/** The processes of two runs in rows: in each the one and the other that are held to be the same. Everything here is pure. */
import type { ProcessView } from '../../../protocol/query.ts';
import { pathOf, SEPARATOR } from '../../query/attribution/run-tree.ts';
import { cpuSecondsOf } from '../charts/chosen-processes.ts';

export interface ProcessPair {
  readonly comm: string;
  /** Parents that are processes of the run. */
  readonly depth: number;
  readonly a?: ProcessView;
  readonly b?: ProcessView;
}

/** Of two runs' targets, in the order of the tree and of starts. A process is found by its path and its place among its likes. */
export function processPairs(a: readonly ProcessView[], b: readonly ProcessView[]): ProcessPair[] {
  const [inA, inB] = [byPlace(a), byPlace(b)];
  const keys = [...new Set([...inB.keys(), ...inA.keys()])];
  return keys
    .map((key) => {
      const [own, other] = [inA.get(key), inB.get(key)];
      const { process, path } = (other ?? own) as Placed;
      return {
        path,
        startMs: process.startMs,
        pair: {
          comm: process.comm,
          depth: path.split(SEPARATOR).length - 3,
          ...(own && { a: own.process }),
          ...(other && { b: other.process }),
        },
      };
    })
    .sort((one, two) => (one.path === two.path ? one.startMs - two.startMs : one.path < two.path ? -1 : 1))
    .map(({ pair }) => pair);
}

interface Placed {
  readonly process: ProcessView;
  readonly path: string;
}

function byPlace(processes: readonly ProcessView[]): Map<string, Placed> {
  const byKey = new Map(processes.map((process) => [process.key, process]));
  const groups = Map.groupBy(processes, (process) => pathOf(process, byKey));
  return new Map(
    [...groups].flatMap(([path, own]) =>
      own
        .toSorted((a, b) => a.startMs - b.startMs)
        .map((process, place) => [`${path}${SEPARATOR}${place}`, { process, path }] as const),
    ),
  );
}

const LEAST_SECONDS = 0.02;

/** Whether one lived or computed longer by more than `effect`, as a share, or is alone. */
export function isDifferent({ a, b }: ProcessPair, effect: number): boolean {
  if (a === undefined || b === undefined) return true;
  return [lifeSecondsOf, cpuSecondsOf].some((read) => {
    const [before, after] = [read(a), read(b)];
    return Math.abs(after - before) > Math.max(LEAST_SECONDS, effect * before);
  });
}

function lifeSecondsOf({ startMs, endMs }: ProcessView): number {
  return endMs === undefined ? Number.MAX_SAFE_INTEGER : (endMs - startMs) / 1000;
}

/** The `most` of them with the largest lives and CPU times in either run, in their order. */
export function heaviestPairs(pairs: readonly ProcessPair[], most: number): ProcessPair[] {
  const weight = ({ a, b }: ProcessPair) =>
    Math.max(
      ...[a, b].map((one) => (one === undefined ? 0 : Math.min(1e6, lifeSecondsOf(one)) + cpuSecondsOf(one))),
    );
  const kept = new Set(pairs.toSorted((one, two) => weight(two) - weight(one)).slice(0, most));
  return pairs.filter((pair) => kept.has(pair));
}
