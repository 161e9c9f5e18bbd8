/**
 * Where the cgroup of a process lies under a mount of the cgroup file systems (`/sys/fs/cgroup`): v2 alone, v1 alone,
 * or v1 controllers with an empty v2 tree beside them (`unified`). A container's mount begins at its own cgroup, while
 * the path in /proc/PID/cgroup may begin further up: a folder that is not there is then the mount itself. Under a mount
 * of the whole hierarchy it is none, for the root's figures are those of the machine.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { integerAt } from '../bytes.ts';
import { parseCgroup } from '../cgroup.ts';
import { readOnce, unreadable } from '../proc-file.ts';
import type { CgroupFile } from './cgroup-file.ts';
import { cpuQuota, type V1Controller, v1Files } from './v1.ts';
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

/** Undefined where the process or its cgroup is gone, or there is no cgroup file system. */
export function locateCgroup(procRoot: string, pid: number, cgroupRoot: string): CgroupLocation | undefined {
  const bytes = readOnce(`${procRoot}/${pid}/cgroup`);
  if (!Buffer.isBuffer(bytes)) return undefined;
  const { v2, v1 } = parseCgroup(bytes.toString('utf8'));
  const location =
    v2 !== undefined && existsSync(join(cgroupRoot, 'cgroup.controllers'))
      ? { path: v2, folders: within(cgroupRoot, v2).map((folder) => ({ folder, files: v2Files })) }
      : { path: v1.get('memory') ?? v1.get('cpu') ?? '/', folders: v1Folders(cgroupRoot, v1) };
  return location.folders.length === 0 ? undefined : location;
}

function v1Folders(cgroupRoot: string, paths: ReadonlyMap<string, string>): CgroupFolder[] {
  const mounts = listMounts(cgroupRoot);
  return (Object.keys(v1Files) as V1Controller[]).flatMap((controller) => {
    const path = paths.get(controller);
    const mount = mounts.find((name) => name.split(',').includes(controller));
    if (path === undefined || mount === undefined) return [];
    return within(join(cgroupRoot, mount), path).map((folder) => ({
      folder,
      files: filesOf(controller, folder),
    }));
  });
}

/** A folder per controller, or one for several (`cpu,cpuacct`). */
function listMounts(cgroupRoot: string): string[] {
  try {
    return readdirSync(cgroupRoot);
  } catch (error) {
    unreadable(error);
    return [];
  }
}

function filesOf(controller: V1Controller, folder: string): readonly CgroupFile[] {
  const files = v1Files[controller];
  const period = controller === 'cpu' ? readOnce(`${folder}/cpu.cfs_period_us`) : 'gone';
  return Buffer.isBuffer(period) ? [...files, cpuQuota(integerAt(period, 0))] : files;
}

/** The cgroup's folder, or none. */
function within(mount: string, path: string): string[] {
  const folder = join(mount, path);
  if (!path.startsWith('/..') && existsSync(folder)) return [folder];
  return isWholeHierarchy(mount) ? [] : [mount];
}

/** v1 has `release_agent` in the root alone, v2 `cgroup.events` everywhere else. */
function isWholeHierarchy(mount: string): boolean {
  return (
    existsSync(join(mount, 'release_agent')) ||
    (existsSync(join(mount, 'cgroup.controllers')) && !existsSync(join(mount, 'cgroup.events')))
  );
}
