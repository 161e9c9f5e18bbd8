/** The processes of two runs in rows: in each the one and the other that are held to be the same. Everything here is pure. */
import type { ProcessView, RunView } from '../../../protocol/query.ts';
import { memberKeys } from '../../query/attribution/member-keys.ts';
import { pathOf, SEPARATOR } from '../../query/attribution/run-tree.ts';
import { cpuSecondsOf } from '../charts/chosen-processes.ts';
import { placeNames } from '../charts/process-places.ts';

export interface ProcessPair {
  readonly comm: string;
  /** Parents that are processes of the run. */
  readonly depth: number;
  /** Member and container, in both runs; undefined where each run has but one. */
  readonly place?: string;
  readonly a?: ProcessView;
  readonly b?: ProcessView;
}

/** What the page knows of one of the two runs: its members, in their places, and its targets. */
export interface PairedRun {
  readonly run: Pick<RunView, 'members'>;
  readonly processes: readonly ProcessView[];
}

/**
 * Of two runs' targets, as a tree, siblings in the order of starts. A process is found by its member (as the causes of the
 * comparison are), its path and its place among its likes.
 */
export function processPairs(runA: PairedRun, runB: PairedRun): ProcessPair[] {
  const [a, b] = [runA.processes, runB.processes];
  const [keysOfA, keysOfB] = memberKeys([runA.run, runB.run]).keys;
  const [inA, inB] = [byPlace(a, keysOfA), byPlace(b, keysOfB)];
  const [placeInA, placeInB] = [placeNames(a), placeNames(b)];
  const ranks = ranksOf([...inA.values(), ...inB.values()]);
  return [...new Set([...inB.keys(), ...inA.keys()])]
    .map((key) => {
      const [own, other] = [inA.get(key), inB.get(key)];
      const { process, path } = (other ?? own) as Placed;
      const parts = path.split(SEPARATOR);
      return {
        // Those of a path come before those below it.
        order: [...parts.map((_, i) => ranks.get(prefixOf(parts, i)) ?? 0), -1, process.startMs],
        pair: {
          comm: process.comm,
          depth: parts.length - 3,
          ...either(own && placeInA(own.process), other && placeInB(other.process)),
          ...(own && { a: own.process }),
          ...(other && { b: other.process }),
        },
      };
    })
    .sort((one, two) => compared(one.order, two.order))
    .map(({ pair }) => pair);
}

function either(a: string | undefined, b: string | undefined): { readonly place?: string } {
  const names = new Set([a, b].filter((name) => name !== undefined));
  return names.size === 0 ? {} : { place: [...names].join(' and ') };
}

/** The places of all paths in the order in which their first processes, or those below them, began in either run. */
function ranksOf(all: readonly Placed[]): Map<string, number> {
  const starts = new Map<string, number>();
  for (const { process, path } of all) {
    const parts = path.split(SEPARATOR);
    for (const i of parts.keys()) {
      const prefix = prefixOf(parts, i);
      starts.set(prefix, Math.min(process.startMs, starts.get(prefix) ?? Number.POSITIVE_INFINITY));
    }
  }
  const inOrder = [...starts].sort((one, two) => one[1] - two[1]);
  return new Map(inOrder.map(([prefix], rank) => [prefix, rank]));
}

function prefixOf(parts: readonly string[], last: number): string {
  return parts.slice(0, last + 1).join(SEPARATOR);
}

function compared(one: readonly number[], two: readonly number[]): number {
  const place = one.findIndex((value, i) => value !== two[i]);
  return (one[place] ?? 0) - (two[place] ?? 0);
}

interface Placed {
  readonly process: ProcessView;
  readonly path: string;
}

function byPlace(processes: readonly ProcessView[], members?: readonly string[]): Map<string, Placed> {
  const byKey = new Map(processes.map((process) => [process.key, process]));
  const groups = Map.groupBy(processes, (process) => pathOf(process, byKey, members));
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
