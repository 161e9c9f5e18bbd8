/** Folders of the cgroup file systems for the containers of a test, where the machine lets us make some. */
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MOUNT = '/sys/fs/cgroup';
const CONTROLLERS = ['cpu', 'cpuacct', 'memory', 'blkio', 'pids'];

export class CgroupFolders {
  readonly #name: string;
  readonly #made: string[] = [];

  /** `name`: of the folder in each hierarchy. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Makes the cgroups of a container, and answers the shell commands by which its first process enters them. */
  enter(container: string): string[] {
    return hierarchies().flatMap((hierarchy) => {
      const pod = join(hierarchy, this.#name);
      const folder = join(pod, container);
      try {
        for (const path of [pod, folder]) {
          if (existsSync(path)) continue;
          mkdirSync(path);
          this.#made.push(path);
        }
      } catch {
        return [];
      }
      return [`echo $$ > "${folder}/cgroup.procs"`];
    });
  }

  /** A cgroup can be taken away once its last process is gone. */
  async remove(): Promise<void> {
    for (const path of this.#made.toReversed()) {
      for (let i = 0; i < 50 && !removed(path); i++) await sleep(20);
    }
  }
}

/** v2: the one; v1: those of the controllers that are measured. */
function hierarchies(): string[] {
  if (existsSync(join(MOUNT, 'cgroup.controllers'))) return [MOUNT];
  const mounts = existsSync(MOUNT) ? readdirSync(MOUNT) : [];
  return mounts
    .filter((name) => name.split(',').some((controller) => CONTROLLERS.includes(controller)))
    .map((name) => join(MOUNT, name));
}

function removed(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}
