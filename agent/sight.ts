/** What the agent can see of a process, and which privilege would show the rest. */
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { parseCapabilities } from './procfs/capabilities.ts';

/** What is tried, by how people call it. `io`, `fd` and `syscall` have an owner check of their own in the kernel. */
const FILES = [
  ['counters', 'stat'],
  ['io', 'io'],
  ['open files', 'fd'],
  ['PSS', 'smaps_rollup'],
  ['cgroup', 'root/sys/fs/cgroup'],
] as const;

export interface Sight {
  readonly seen: readonly string[];
  readonly unseen: readonly string[];
  /** What would show the rest; undefined where everything is seen. */
  readonly mend: string | undefined;
}

export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly hasPtrace: boolean;
  readonly hasDacOverride: boolean;
}

/** The agent's own, from /proc/self/status CapEff. */
export function ownIdentity(procRoot: string): Identity {
  const capabilities = parseCapabilities(readFileSync(`${procRoot}/self/status`));
  return {
    uid: process.geteuid?.() ?? 0,
    gid: process.getegid?.() ?? 0,
    hasPtrace: capabilities.has('SYS_PTRACE'),
    hasDacOverride: capabilities.has('DAC_OVERRIDE'),
  };
}

/** Undefined where the process is gone. */
export function sightOf(procRoot: string, pid: number, own: Identity): Sight | undefined {
  const owner = ownerOf(`${procRoot}/${pid}`);
  if (owner === undefined) return undefined;
  const canRead = ([, file]: (typeof FILES)[number]): boolean => opens(`${procRoot}/${pid}/${file}`);
  const names = (files: readonly (typeof FILES)[number][]): string[] => files.map(([name]) => name);
  const unseen = names(FILES.filter((file) => !canRead(file)));
  return {
    seen: names(FILES.filter(canRead)),
    unseen,
    mend: unseen.length === 0 ? undefined : mendFor(owner, own),
  };
}

/** One line for the log. */
export function describeSight(name: string, { seen, unseen, mend }: Sight): string {
  const all = `${name}: sees ${seen.join(', ') || 'nothing'}`;
  return mend === undefined ? all : `${all}; not ${unseen.join(', ')}: ${mend}`;
}

function mendFor(owner: { uid: number; gid: number }, own: Identity): string {
  if (own.uid !== 0) {
    return `run the agent as ${owner.uid}:${owner.gid}, or as uid 0 with SYS_PTRACE and DAC_OVERRIDE (a capability does nothing for another uid)`;
  }
  const missing = [...(own.hasPtrace ? [] : ['SYS_PTRACE']), ...(own.hasDacOverride ? [] : ['DAC_OVERRIDE'])];
  return missing.length === 0
    ? 'the kernel refuses it (a security module, or a process that may not be dumped)'
    : `add ${missing.join(' and ')} to the agent`;
}

function ownerOf(path: string): { uid: number; gid: number } | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function opens(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'));
    return true;
  } catch {
    return false;
  }
}
