/** A target container: the cgroup that its processes run in. */
import { type CgroupFolder, locateCgroup } from './procfs/cgroup/locate.ts';

export interface ContainerTarget {
  /** Index on the wire. */
  readonly index: number;
  /** Name in the pod spec; the cgroup's path in a local run. */
  readonly name: string;
  readonly folders: readonly CgroupFolder[];
  /** Whether the cgroup was made for the container's processes and holds no others. */
  readonly ownsCgroup: boolean;
}

/** The cgroup of a process as a container, or undefined where it cannot be found. */
export function containerOf(
  pid: number,
  index: number,
  procRoot: string,
  cgroupRoot: string,
): ContainerTarget | undefined {
  const location = locateCgroup(procRoot, pid, cgroupRoot);
  return location && { index, name: location.path, folders: location.folders, ownsCgroup: false };
}
