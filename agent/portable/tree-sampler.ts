/**
 * The sampler where there is no /proc: CPU time and memory of a process and its descendants, by pidusage.
 *
 * A process stays a member once it was seen below the root, also when its parent ends and another adopts it. What
 * escapes: a process that was born and adopted away between two samples, and, as everywhere without /proc, the CPU
 * time of children that lived and died between two samples.
 *
 * On Windows only the root is measured: a list of all processes there costs a PowerShell of its own at every sample.
 *
 * Of pidusage only the totals are taken. Its `cpu` is a rate against its own memory of the last call, wrong at the
 * first one and where a pid was reused; its totals are read anew at every call.
 */
import type { Clock } from '../../lib/clock.ts';
import { type ListedProcess, listProcesses, type RunProgram } from './process-list.ts';

export interface TreeProcess extends ListedProcess {
  /** User and kernel mode together, of all threads. macOS: to 10 ms. */
  readonly cpuTimeMs: number;
  readonly rssBytes: number;
}

export interface TreeSample {
  /** `clock.monotonicMs()` when the totals were asked for. */
  readonly atMs: number;
  /** The members that live, in the order of their pids. */
  readonly processes: readonly TreeProcess[];
}

/** What is used of pidusage's answer for one process. */
export interface ProcessUsage {
  readonly ppid: number;
  /** CPU time, ms. */
  readonly ctime: number;
  /** Resident set, bytes. */
  readonly memory: number;
  /** ms since the start of the process. */
  readonly elapsed: number;
  /** ms since the Unix epoch at which the process was read. */
  readonly timestamp: number;
}

/** Totals by pid; a process that is gone is absent or null. */
export type ReadUsage = (
  pids: readonly number[],
) => Promise<Readonly<Record<number, ProcessUsage | null | undefined>>>;

export interface TreeSources {
  readonly platform: NodeJS.Platform;
  readonly run: RunProgram;
  readonly pidusage: ReadUsage;
  readonly clock: Clock;
}

export interface TreeSampler {
  /** `tree`: the root and its descendants; `root`: the root alone (Windows). */
  readonly covers: 'tree' | 'root';
  /** Reads the members once. Rejects where `ps` or pidusage failed: that tick is a gap. */
  sample(): Promise<TreeSample>;
}

/** `ps` tells starts in seconds, and some round anew at each call. No pid comes round again in this time. */
const SAME_START_MS = 1_500;

/** A sampler of `rootPid` and its descendants. The root's start time, seen at the first sample, is its identity. */
export function createTreeSampler(rootPid: number, sources: TreeSources): TreeSampler {
  return sources.platform === 'win32' ? rootSampler(rootPid, sources) : treeSampler(rootPid, sources);
}

function treeSampler(rootPid: number, { run, pidusage, clock }: TreeSources): TreeSampler {
  let members: ReadonlyMap<number, ListedProcess> | undefined;
  return {
    covers: 'tree',
    async sample() {
      const listed = await listProcesses(run);
      members = descend(listed, members ?? onlyRoot(listed, rootPid));
      const atMs = clock.monotonicMs();
      const usage = members.size === 0 ? {} : await pidusage([...members.keys()]);
      const processes = [...members.values()].flatMap((member) => {
        const used = usage[member.pid];
        return used ? [{ ...member, cpuTimeMs: used.ctime, rssBytes: used.memory }] : [];
      });
      return { atMs, processes: processes.sort((a, b) => a.pid - b.pid) };
    },
  };
}

/** Those of `before` that still live, with their first start time, and all that now descends from them. */
function descend(
  listed: readonly ListedProcess[],
  before: ReadonlyMap<number, ListedProcess>,
): Map<number, ListedProcess> {
  const members = new Map<number, ListedProcess>();
  for (const each of listed) {
    const known = before.get(each.pid);
    if (known && sameStart(known.startMs, each.startMs)) {
      members.set(each.pid, { ...each, startMs: known.startMs });
    }
  }
  const children = Map.groupBy(listed, (each) => each.ppid);
  // The loop also visits the members that it adds, and so reaches every generation.
  for (const { pid } of members.values()) {
    for (const child of children.get(pid) ?? []) {
      if (!members.has(child.pid)) members.set(child.pid, child);
    }
  }
  return members;
}

/** Windows: no list of processes, so the root's start comes from pidusage and its program's name is not known (''). */
function rootSampler(rootPid: number, { pidusage, clock }: TreeSources): TreeSampler {
  let startMs: number | undefined;
  return {
    covers: 'root',
    async sample() {
      const atMs = clock.monotonicMs();
      const used = (await pidusage([rootPid]))[rootPid];
      if (!used) return { atMs, processes: [] };
      const seenMs = used.timestamp - used.elapsed;
      startMs ??= seenMs;
      if (!sameStart(startMs, seenMs)) return { atMs, processes: [] };
      const { ppid, ctime, memory } = used;
      const root = { pid: rootPid, ppid, startMs, comm: '', cpuTimeMs: ctime, rssBytes: memory };
      return { atMs, processes: [root] };
    },
  };
}

function sameStart(oneMs: number, otherMs: number): boolean {
  return Math.abs(oneMs - otherMs) <= SAME_START_MS;
}

function onlyRoot(listed: readonly ListedProcess[], rootPid: number): Map<number, ListedProcess> {
  const root = listed.find((each) => each.pid === rootPid);
  return new Map(root ? [[rootPid, root]] : []);
}
