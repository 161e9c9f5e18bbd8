/**
 * Where the cgroup of a process lies under a mount of the cgroup file systems (`/sys/fs/cgroup`): v2 alone, v1 alone,
 * or v1 controllers with an empty v2 tree beside them. Within a cgroup namespace the path in /proc/PID/cgroup is that
 * of the namespace's own root, so a folder that is not there is looked for at the mount's root.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseCgroup } from '../cgroup.ts';
import { readOnce } from '../proc-file.ts';
import type { CgroupFile } from './cgroup-file.ts';
import { type V1Controller, v1Files } from './v1.ts';
import { v2Files } from './v2.ts';

export interface CgroupFolder {
  readonly folder: string;
  readonly files: readonly CgroupFile[];
}

export interface CgroupLocation {
  /** Path of the cgroup as the kernel names it, for people. */
  readonly path: string;
  readonly folders: readonly CgroupFolder[];
}

/** Undefined where the process is gone or there is no cgroup file system. */
export function locateCgroup(procRoot: string, pid: number, cgroupRoot: string): CgroupLocation | undefined {
  const bytes = readOnce(`${procRoot}/${pid}/cgroup`);
  if (!Buffer.isBuffer(bytes)) return undefined;
  const { v2, v1 } = parseCgroup(bytes.toString('utf8'));
  if (v2 !== undefined && existsSync(join(cgroupRoot, 'cgroup.controllers'))) {
    return { path: v2, folders: [{ folder: within(cgroupRoot, v2), files: v2Files }] };
  }
  const folders = Object.entries(v1Files).flatMap(([controller, files]) => {
    const path = v1.get(controller as V1Controller);
    const mount = join(cgroupRoot, controller);
    return path === undefined || !existsSync(mount) ? [] : [{ folder: within(mount, path), files }];
  });
  return folders.length === 0 ? undefined : { path: v1.get('memory') ?? v1.get('cpu') ?? '/', folders };
}

function within(mount: string, path: string): string {
  const folder = join(mount, path);
  return !path.startsWith('/..') && existsSync(folder) ? folder : mount;
}
