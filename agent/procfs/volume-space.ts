/** statfs(2) of what is mounted somewhere for a process, by /proc/PID/root. Needs the right to trace the process. */
import { type StatsFs, statfs, statfsSync } from 'node:fs';
import { promisify } from 'node:util';

/** Not of node:fs/promises, which loads what nothing else in the agent needs. */
const statfsLater = promisify(statfs);

export interface VolumeSpace {
  readonly sizeBytes: number;
  readonly usedBytes: number;
  /** For users who are not root. */
  readonly freeBytes: number;
}

/** `path`: as the process sees it. Undefined where it cannot be read, or has no size of its own. */
export function readVolumeSpace(procRoot: string, pid: number, path: string): VolumeSpace | undefined {
  try {
    return spaceOf(statfsSync(pathFor(procRoot, pid, path)));
  } catch {
    return undefined;
  }
}

/** The same for file systems that may take long to answer, or never do. */
export async function askVolumeSpace(
  procRoot: string,
  pid: number,
  path: string,
): Promise<VolumeSpace | undefined> {
  try {
    return spaceOf(await statfsLater(pathFor(procRoot, pid, path)));
  } catch {
    return undefined;
  }
}

function pathFor(procRoot: string, pid: number, path: string): string {
  return `${procRoot}/${pid}/root${path}`;
}

function spaceOf({ bsize, blocks, bfree, bavail }: StatsFs): VolumeSpace | undefined {
  if (blocks === 0) return undefined;
  return { sizeBytes: blocks * bsize, usedBytes: (blocks - bfree) * bsize, freeBytes: bavail * bsize };
}
