/**
 * The containers of a pod, told apart by what their processes show. A process is in its parent's container; one without
 * a known parent in that of its cgroup; and the first of each is asked for its mounts.
 */
import type { ContainerTarget } from './containers.ts';
import { locateCgroup } from './procfs/cgroup/locate.ts';
import { cgroupIdOf, readCgroupText, readPodContainer } from './procfs/pod-container.ts';
import type { StatFile } from './procfs/stat.ts';

/** Where a process belongs. `stranger`: the pause process, our own container, or one that was not asked for. */
export type Belonging =
  | { readonly kind: 'container'; readonly container: ContainerTarget }
  | { readonly kind: 'stranger' }
  /** Its container is being set up; it is to be asked again. */
  | { readonly kind: 'undecided' };

export interface PodContainersOptions {
  readonly procRoot: string;
  /** Names in the pod spec; undefined: all. */
  readonly asked: readonly string[] | undefined;
  /** Called before the first process of a container, `pid`, is measured, and again when it was started anew. */
  readonly onContainer: (container: ContainerTarget, pid: number, note: string | undefined) => void;
  readonly warn: (message: string) => void;
}

const STRANGER: Belonging = { kind: 'stranger' };
const UNDECIDED: Belonging = { kind: 'undecided' };

/** What the runtime's own process is called until it becomes the container's program. */
const RUNTIME_INIT = /^(runc|crun|youki)(:|$)/;
export const PAUSE_PID = 1;
/** Setting up a container takes less. */
const SETTING_UP_MS = 2000;

export class PodContainers {
  readonly #options: PodContainersOptions;
  readonly #ownName: string | undefined;
  readonly #ownCgroup: string | undefined;
  readonly #byKey = new Map<string, ContainerTarget>();
  readonly #byCgroup = new Map<string, Belonging>();
  readonly #starts = new Map<string, number>();

  constructor(options: PodContainersOptions) {
    this.#options = options;
    const own = readPodContainer(options.procRoot, 'self');
    this.#ownName = typeof own === 'object' ? own.name : undefined;
    this.#ownCgroup = readCgroupText(options.procRoot, 'self');
  }

  /** `ageMs`: how long the process has been running. */
  of(stat: StatFile, ageMs: number): Belonging {
    if (stat.pid === PAUSE_PID) return STRANGER;
    // It may not yet be in the container's cgroup.
    if (RUNTIME_INIT.test(stat.comm)) return UNDECIDED;
    const cgroup = readCgroupText(this.#options.procRoot, stat.pid);
    if (cgroup === undefined) return STRANGER;
    // Processes of several containers in one cgroup (no cgroups of their own) are told apart by their mounts alone.
    const tellsApart = cgroup !== this.#ownCgroup;
    const known = tellsApart ? this.#byCgroup.get(cgroup) : undefined;
    if (known !== undefined) return known;
    const belonging = this.#ask(stat, cgroup, ageMs);
    if (tellsApart && belonging.kind !== 'undecided') this.#byCgroup.set(cgroup, belonging);
    return belonging;
  }

  #ask(stat: StatFile, cgroup: string, ageMs: number): Belonging {
    const { procRoot, asked } = this.#options;
    const found = readPodContainer(procRoot, stat.pid);
    if (found === 'gone') return UNDECIDED;
    if (found === 'denied') return this.#unnamed(stat, cgroup);
    // The mounts of a container that is being set up come one after the other.
    if (found === undefined) return ageMs < SETTING_UP_MS ? UNDECIDED : this.#unnamed(stat, cgroup);
    if (found.name === this.#ownName || (asked !== undefined && !asked.includes(found.name))) return STRANGER;
    return this.#container(`${found.name}/${found.incarnation}`, found.name, stat.pid, cgroup);
  }

  #unnamed(stat: StatFile, cgroup: string): Belonging {
    if (cgroup === this.#ownCgroup) return STRANGER;
    const { asked, warn } = this.#options;
    const id = cgroupIdOf(cgroup);
    if (asked !== undefined) {
      warn(
        `container ${id} is not measured: no mount tells its name, so that it may be ${asked.join(' or ')} or not`,
      );
      return STRANGER;
    }
    return this.#container(
      cgroup,
      id,
      stat.pid,
      cgroup,
      `the name of container ${id} is not to be known: no mount tells it`,
    );
  }

  #container(key: string, name: string, pid: number, cgroup: string, note?: string): Belonging {
    const known = this.#byKey.get(key);
    if (known !== undefined) return { kind: 'container', container: known };
    const container = this.#open(name, pid, cgroup, name !== cgroupIdOf(cgroup));
    this.#byKey.set(key, container);
    const starts = (this.#starts.get(name) ?? 0) + 1;
    this.#starts.set(name, starts);
    const again = starts === 1 ? undefined : `container ${name} was started for the ${ordinal(starts)} time`;
    this.#options.onContainer(container, pid, note ?? again);
    return { kind: 'container', container };
  }

  #open(name: string, pid: number, cgroup: string, isNamed: boolean): ContainerTarget {
    const { procRoot } = this.#options;
    const location = locateCgroup(procRoot, pid, `${procRoot}/${pid}/root/sys/fs/cgroup`);
    return {
      index: this.#byKey.size,
      name,
      folders: location?.folders ?? [],
      ownsCgroup: isNamed && cgroup !== this.#ownCgroup,
    };
  }
}

function ordinal(count: number): string {
  return { 2: '2nd', 3: '3rd' }[count] ?? `${count}th`;
}
