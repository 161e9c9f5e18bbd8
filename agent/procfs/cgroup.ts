/**
 * /proc/PID/cgroup: `hierarchy:controllers:path` lines. Hierarchy 0 is cgroup v2; a v1 controller stands in a line of
 * its own hierarchy. Within a cgroup namespace the path of one's own cgroup is `/`.
 */
export interface CgroupPaths {
  /** Path in the v2 hierarchy; undefined where there is none. */
  readonly v2: string | undefined;
  /** v1 controller → path in its hierarchy. */
  readonly v1: ReadonlyMap<string, string>;
}

export function parseCgroup(text: string): CgroupPaths {
  let v2: string | undefined;
  const v1 = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [hierarchy, controllers, ...path] = line.split(':');
    if (controllers === undefined) continue;
    if (hierarchy === '0') v2 = path.join(':');
    else for (const controller of controllers.split(',')) v1.set(controller, path.join(':'));
  }
  return { v2, v1 };
}
