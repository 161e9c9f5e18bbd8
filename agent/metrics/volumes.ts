/** Which mounts of a process are volumes: those that have space which the process can use up. */
import type { Mount } from '../procfs/mounts.ts';

export interface Volume {
  readonly path: string;
  /** The kubelet's name for it, where the mount tells it. */
  readonly name: string | undefined;
  /** True where asking for its space may take long, or for ever. */
  readonly isRemote: boolean;
}

/** Without space of their own, or never changed. Looking into an `autofs` would mount what it stands for. */
const WITHOUT_SPACE = new Set(
  (
    'autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts devtmpfs efivarfs erofs fuse.gvfsd-fuse ' +
    'fuse.lxcfs fuse.portal fusectl hugetlbfs iso9660 mqueue nsfs overlay proc pstore ramfs rootfs rpc_pipefs ' +
    'securityfs selinuxfs squashfs sysfs tracefs'
  ).split(' '),
);

/** Read within the kernel, without anybody to wait for. */
const LOCAL = new Set(['bcachefs', 'btrfs', 'ext2', 'ext3', 'ext4', 'f2fs', 'tmpfs', 'vfat', 'xfs', 'zfs']);

/** Files and folders that container runtimes mount into every container. */
const OF_THE_RUNTIME = /^\/(proc|sys|dev(?!\/shm$))(\/|$)|^\/etc\/(hosts|hostname|resolv\.conf)$/;

/** Below the kubelet's folder: `pods/UID/volumes/VENDOR~KIND/NAME`, or `pods/UID/volume-subpaths/NAME/…`. */
const KUBELET_VOLUME = /\/pods\/[^/]+\/(?:volumes\/[^/]+~(?<kind>[^/]+)|volume-subpaths)\/(?<name>[^/]+)/;

/** The kubelet fills these; the process cannot. */
const CONTENT_KINDS = new Set(['configmap', 'downward-api', 'projected', 'secret']);

export const MOST_VOLUMES = 32;

/** At most 32. Of several mounts at one place the last one is seen. */
export function volumesOf(mounts: readonly Mount[]): Volume[] {
  const byPath = new Map(mounts.map((mount) => [mount.path, mount]));
  return [...byPath.values()].flatMap(volumeOf).slice(0, MOST_VOLUMES);
}

function volumeOf({ root, path, kind, isReadOnly }: Mount): Volume[] {
  const { kind: content, name } = KUBELET_VOLUME.exec(root)?.groups ?? {};
  const isContent = CONTENT_KINDS.has(content ?? '') || (kind === 'tmpfs' && isReadOnly);
  if (isContent || WITHOUT_SPACE.has(kind) || OF_THE_RUNTIME.test(path)) return [];
  return [{ path, name, isRemote: !LOCAL.has(kind) }];
}
