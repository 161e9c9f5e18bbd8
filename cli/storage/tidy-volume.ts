/** Who works on a volume, and that nothing of those who were killed is left there. */
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { readBootId } from '../../agent/procfs/boot.ts';
import { isAtWork } from '../../agent/procfs/presence.ts';
import { removeAbandoned } from '../../agent/storage-tools/abandoned-folders.ts';
import type { FolderOwner } from '../../agent/storage-tools/work-folder.ts';
import type { CommandContext } from '../command.ts';

/** This process. Containers may share a host name, and know nothing of each other's processes. */
export function folderOwner({ platform }: CommandContext): FolderOwner {
  const { pid } = process;
  if (platform !== 'linux') return { host: hostname(), pid };
  const bootId = readBootId('/proc');
  const host = `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  return { host, pid, ...(bootId !== undefined && { bootId }) };
}

/** Says what it removed. Throws PODO_VOLUME_REFUSED where a tool that was left works on. */
export function tidyVolume({ stderr }: CommandContext, path: string, owner: FolderOwner): void {
  for (const folder of removeAbandoned(path, owner, (pid) => isAtWork('/proc', pid))) {
    stderr.write(`podometer: removed ${folder}, which a podometer that was killed had left\n`);
  }
}
