/**
 * /proc/PID/mountinfo: the mounts that a process sees, one a line:
 * `id parent major:minor root mount-point options [optional fields] - type source super-options`.
 * Blanks, newlines and backslashes within a field stand as three octal digits.
 */
import { readOnce, type Unreadable } from './proc-file.ts';

export interface Mount {
  /** major:minor of the file system's device. */
  readonly device: string;
  /** The folder of that file system that is mounted. */
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
  readonly source: string;
}

/** The container of a pod that a process runs in, as the kubelet names it. */
export interface PodContainer {
  readonly podUid: string;
  readonly container: string;
}

/** The kernel hands out as many lines at a time as fit into a page, however few. */
const IN_PIECES = 0;

export function readMounts(procRoot: string, pid: number | 'self'): Mount[] | Unreadable {
  const bytes = readOnce(`${procRoot}/${pid}/mountinfo`, IN_PIECES);
  return Buffer.isBuffer(bytes) ? parseMountinfo(bytes.toString('utf8')) : bytes;
}

export function parseMountinfo(text: string): Mount[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [mount = '', fileSystem = ''] = line.split(' - ');
      const [, , device = '', root = '', mountPoint = ''] = mount.split(' ');
      const [type = '', source = ''] = fileSystem.split(' ');
      return {
        device,
        root: plain(root),
        mountPoint: plain(mountPoint),
        type,
        source: plain(source),
      };
    });
}

function plain(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

const TERMINATION_LOG = /\/pods\/([^/]+)\/containers\/([^/]+)\/[^/]+$/;

/**
 * The kubelet mounts `…/pods/POD-UID/containers/NAME/HASH` into each container for its termination message. Undefined
 * where there is no such mount: the pause process, and what is no pod.
 */
export function podContainerOf(mounts: readonly Mount[]): PodContainer | undefined {
  for (const { root } of mounts) {
    const [, podUid, container] = TERMINATION_LOG.exec(root) ?? [];
    if (podUid !== undefined && container !== undefined) return { podUid, container };
  }
  return undefined;
}
