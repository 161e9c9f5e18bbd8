/** The container of a pod that a process runs in, as its mounts and its cgroup tell. */
import { type Mount, parseMounts } from './mounts.ts';
import { readOnce, type Unreadable } from './proc-file.ts';

export interface PodContainer {
  readonly podUid: string;
  /** In the pod spec. */
  readonly name: string;
  /** Another one for every start of the container. */
  readonly incarnation: string;
}

/** The kernel hands out as many lines at a time as fit into a page, however few. */
const IN_PIECES = 0;

/** The kubelet mounts this into each container for its termination message. */
const TERMINATION_LOG = /\/pods\/([^/]+)\/containers\/([^/]+)\/([^/]+)$/;

/** Undefined where there is no such mount: the pause process, what is no pod, and what is not set up yet. */
export function podContainerOf(mounts: readonly Mount[]): PodContainer | undefined {
  for (const { root } of mounts) {
    const [, podUid, name, incarnation] = TERMINATION_LOG.exec(root) ?? [];
    if (podUid !== undefined && name !== undefined && incarnation !== undefined)
      return { podUid, name, incarnation };
  }
  return undefined;
}

/** /proc/PID/mountinfo. */
export function readPodContainer(
  procRoot: string,
  pid: number | 'self',
): PodContainer | undefined | Unreadable {
  const bytes = readOnce(`${procRoot}/${pid}/mountinfo`, IN_PIECES);
  return Buffer.isBuffer(bytes) ? podContainerOf(parseMounts(bytes.toString('utf8'))) : bytes;
}

/** /proc/PID/cgroup as it stands: the same for all processes of a container; undefined where it cannot be read. */
export function readCgroupText(procRoot: string, pid: number | 'self'): string | undefined {
  const bytes = readOnce(`${procRoot}/${pid}/cgroup`);
  return Buffer.isBuffer(bytes) ? bytes.toString('latin1') : undefined;
}

/** What a container is called where its name is not to be known: the last part of its cgroup's path. */
export function cgroupIdOf(text: string): string {
  const paths = text.split('\n').map((line) => line.split(':').slice(2).join(':'));
  const longest = paths.reduce((a, b) => (b.length > a.length ? b : a), '');
  return longest.split('/').at(-1) || '/';
}
