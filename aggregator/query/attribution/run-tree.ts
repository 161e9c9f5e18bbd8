/**
 * The processes of a run as a tree of groups. A group holds the processes of one member and container with the same command
 * name under the same parents' names: what they are called is the same in another run, their pids are not. Within
 * a group processes are told apart by the order of their starts.
 */
import type { ProcessView } from '../../../protocol/query.ts';
import { cpuOf, lifeMs } from '../process-deltas.ts';

/** What a process used and waited for, in seconds and bytes; zero where it was not measured. */
export interface ProcessUse {
  readonly lifeSeconds: number;
  readonly cpuSeconds: number;
  readonly diskSeconds: number;
  readonly queueSeconds: number;
  readonly lockSeconds: number;
  readonly networkSeconds: number;
  readonly pipeSeconds: number;
  readonly timerSeconds: number;
  readonly childSeconds: number;
  readonly readBytes: number;
  readonly writeBytes: number;
  readonly peakRssBytes: number;
}

export interface ProcessGroup {
  /** The same in every run. */
  readonly path: string;
  /** Key of its member (member-keys.ts). */
  readonly member: string;
  /** Path of the group that its parents are in; empty for the first processes. */
  readonly parentPath: string;
  readonly comm: string;
  readonly container: string | undefined;
  /** In order of their starts. */
  readonly processes: readonly ProcessUse[];
  /** As `processes`. */
  readonly keys: readonly string[];
  /** All of them together; `lifeSeconds` is the time in which at least one lived, `peakRssBytes` that of the largest. */
  readonly whole: ProcessUse;
  /** When the last of them ended, in seconds since the start of the run. */
  readonly endSeconds: number;
}

/** By path. The agent's own processes are left out. `members`: keys of the members, by their places. */
export function runTree(
  processes: readonly ProcessView[],
  wallSeconds: number,
  members: readonly string[] = [],
): Map<string, ProcessGroup> {
  const targets = processes.filter(({ role }) => role === 'target');
  const byKey = new Map(targets.map((process) => [process.key, process]));
  const groups = Map.groupBy(targets, (process) => pathOf(process, byKey, members));
  return new Map([...groups].map(([path, members]) => [path, groupOf(path, members, wallSeconds * 1000)]));
}

/** Between the parts of a path: member, container, and the names from the first process down. */
export const SEPARATOR = '\u0000';

/** Where a process stands in the tree, the same in every run. `members`: as in `runTree`. */
export function pathOf(
  process: ProcessView,
  byKey: ReadonlyMap<string, ProcessView>,
  members: readonly string[] = [],
): string {
  const names: string[] = [];
  for (
    let one: ProcessView | undefined = process;
    one !== undefined;
    one = one.parent === undefined ? undefined : byKey.get(one.parent)
  ) {
    names.unshift(one.comm);
  }
  const [place = ''] = process.key.split('.');
  return [members[Number(place)] ?? place, process.container ?? '', ...names].join(SEPARATOR);
}

/** What a path is within its member, the same for all members. */
export function withinMember(path: string): string {
  return path.slice(path.indexOf(SEPARATOR) + 1);
}

function groupOf(path: string, members: readonly ProcessView[], wallMs: number): ProcessGroup {
  const parts = path.split(SEPARATOR);
  const inOrder = members.toSorted((a, b) => a.startMs - b.startMs);
  const processes = inOrder.map((process) => useOf(process, wallMs));
  const sum = (name: keyof ProcessUse): number => processes.reduce((total, one) => total + one[name], 0);
  const fields = Object.keys(NO_USE) as (keyof ProcessUse)[];
  return {
    path,
    member: parts[0] ?? '',
    parentPath: parts.length > 3 ? parts.slice(0, -1).join(SEPARATOR) : '',
    comm: parts.at(-1) ?? '',
    container: parts[1] || undefined,
    processes,
    keys: inOrder.map(({ key }) => key),
    whole: {
      ...(Object.fromEntries(fields.map((field) => [field, sum(field)])) as Record<keyof ProcessUse, number>),
      lifeSeconds: coveredMs(inOrder, wallMs) / 1000,
      peakRssBytes: Math.max(...processes.map(({ peakRssBytes }) => peakRssBytes)),
    },
    endSeconds: Math.max(...inOrder.map(({ endMs }) => endMs ?? wallMs)) / 1000,
  };
}

export const NO_USE: ProcessUse = {
  lifeSeconds: 0,
  cpuSeconds: 0,
  diskSeconds: 0,
  queueSeconds: 0,
  lockSeconds: 0,
  networkSeconds: 0,
  pipeSeconds: 0,
  timerSeconds: 0,
  childSeconds: 0,
  readBytes: 0,
  writeBytes: 0,
  peakRssBytes: 0,
};

function useOf(process: ProcessView, wallMs: number): ProcessUse {
  const { blockIoDelaySeconds = 0, waitDiskSeconds = 0, threadUninterruptibleSeconds = 0 } = process;
  return {
    lifeSeconds: lifeMs(process, wallMs) / 1000,
    cpuSeconds: cpuOf(process),
    // Three ways to see the same waits, each absent on some machines.
    diskSeconds: Math.max(blockIoDelaySeconds, waitDiskSeconds, threadUninterruptibleSeconds),
    queueSeconds: process.runDelaySeconds ?? 0,
    lockSeconds: process.waitLockSeconds ?? 0,
    networkSeconds: process.waitNetworkSeconds ?? 0,
    pipeSeconds: process.waitPipeSeconds ?? 0,
    timerSeconds: process.waitTimerSeconds ?? 0,
    childSeconds: process.waitChildSeconds ?? 0,
    readBytes: process.readBytes ?? 0,
    writeBytes: process.writeBytes ?? 0,
    peakRssBytes: process.peakRssBytes ?? 0,
  };
}

/** The time in which at least one of them lived; `inOrder`: by their starts. */
function coveredMs(inOrder: readonly ProcessView[], wallMs: number): number {
  let covered = 0;
  let untilMs = 0;
  for (const process of inOrder) {
    const fromMs = Math.max(untilMs, process.startMs);
    const toMs = Math.max(fromMs, Math.max(0, process.startMs) + lifeMs(process, wallMs));
    covered += toMs - fromMs;
    untilMs = toMs;
  }
  return covered;
}
