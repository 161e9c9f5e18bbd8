/** What changed between the trees of two sides: each figure's mean over the runs of b less that over the runs of a. */
import { NO_USE, type ProcessGroup, type ProcessUse } from './run-tree.ts';

export interface GroupDelta {
  readonly path: string;
  /** Key of its member; undefined: those of all members together. */
  readonly member: string | undefined;
  readonly parentPath: string;
  readonly comm: string;
  readonly container: string | undefined;
  /** b − a, of all processes of the group together. */
  readonly delta: ProcessUse;
  /** b − a of each process that both sides have, in order of starts. */
  readonly processes: readonly ProcessUse[];
  /** Mean number of processes. */
  readonly count: { readonly a: number; readonly b: number };
  readonly endSeconds: number;
}

/** By path. */
export type RunTree = ReadonlyMap<string, ProcessGroup>;

export function treeDelta(a: readonly RunTree[], b: readonly RunTree[]): GroupDelta[] {
  const paths = new Set([...a, ...b].flatMap((tree) => [...tree.keys()]));
  return [...paths].map((path) => groupDelta(path, a, b));
}

function groupDelta(path: string, a: readonly RunTree[], b: readonly RunTree[]): GroupDelta {
  const before = groupsOf(path, a);
  const after = groupsOf(path, b);
  const known = [...after, ...before];
  const [first] = known as [ProcessGroup, ...ProcessGroup[]];
  const common = Math.min(...known.map(({ processes }) => processes.length));
  return {
    path,
    member: first.member,
    parentPath: first.parentPath,
    comm: first.comm,
    container: first.container,
    delta: difference(
      mean(
        before.map(({ whole }) => whole),
        a.length,
      ),
      mean(
        after.map(({ whole }) => whole),
        b.length,
      ),
    ),
    processes: Array.from({ length: before.length > 0 && after.length > 0 ? common : 0 }, (_, i) =>
      difference(
        mean(
          before.map(({ processes }) => processes[i] ?? NO_USE),
          before.length,
        ),
        mean(
          after.map(({ processes }) => processes[i] ?? NO_USE),
          after.length,
        ),
      ),
    ),
    count: { a: countOf(before, a.length), b: countOf(after, b.length) },
    endSeconds: Math.max(...known.map(({ endSeconds }) => endSeconds)),
  };
}

/** The groups of the same processes of all members as one, which holds no processes of its own. */
export function acrossMembers(groups: readonly GroupDelta[]): GroupDelta {
  const [first] = groups as [GroupDelta, ...GroupDelta[]];
  const sum = (read: (group: GroupDelta) => number): number =>
    groups.reduce((total, group) => total + read(group), 0);
  return {
    ...first,
    member: undefined,
    delta: combined((field) => sum(({ delta }) => delta[field])),
    processes: [],
    count: { a: sum(({ count }) => count.a), b: sum(({ count }) => count.b) },
    endSeconds: Math.max(...groups.map(({ endSeconds }) => endSeconds)),
  };
}

function groupsOf(path: string, trees: readonly RunTree[]): ProcessGroup[] {
  return trees.map((tree) => tree.get(path)).filter((group) => group !== undefined);
}

function countOf(groups: readonly ProcessGroup[], runs: number): number {
  return groups.reduce((sum, { processes }) => sum + processes.length, 0) / runs;
}

/** A run without the group counts as one in which it used nothing. */
function mean(uses: readonly ProcessUse[], runs: number): ProcessUse {
  return combined((field) => uses.reduce((sum, use) => sum + use[field], 0) / runs);
}

function difference(a: ProcessUse, b: ProcessUse): ProcessUse {
  return combined((field) => b[field] - a[field]);
}

function combined(value: (field: keyof ProcessUse) => number): ProcessUse {
  const fields = Object.keys(NO_USE) as (keyof ProcessUse)[];
  return Object.fromEntries(fields.map((field) => [field, value(field)])) as Record<keyof ProcessUse, number>;
}
