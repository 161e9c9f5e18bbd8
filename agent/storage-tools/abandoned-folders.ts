/** The work folders of those who were killed: they go before anybody works on the volume again. */
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { PodometerError } from '../../protocol/errors.ts';
import { type FolderOwner, type OwnedFolder, ownedFolders, volumeNowMs } from './work-folder.ts';

/** Many heartbeats: a machine may have slept. */
const EXPIRY_MS = 600_000;

/**
 * Removes the work folders whose owner has died, and answers their paths: of this machine where its process is gone, of
 * others where it has not shown itself for long. `self`: this process; `isAlive`: whether a process of this machine
 * lives, which one that has ended and was not waited for does not. Throws PODO_VOLUME_REFUSED where the tool of one that
 * has died works on, for it would be measured as well.
 */
export function removeAbandoned(
  volume: string,
  self: FolderOwner,
  isAlive: (pid: number) => boolean,
): string[] {
  const isOurs = ({ owner }: OwnedFolder): boolean => owner.host === self.host;
  const folders = ownedFolders(volume);
  const nowMs = folders.every(isOurs) ? 0 : volumeNowMs(volume);
  const hasDied = (folder: OwnedFolder): boolean => {
    const { bootId, pid } = folder.owner;
    return isOurs(folder) ? bootId !== self.bootId || !isAlive(pid) : nowMs - folder.seenMs > EXPIRY_MS;
  };
  const abandoned = folders.filter(hasDied);
  for (const folder of abandoned) {
    const { tool, bootId } = folder.owner;
    const isHere = isOurs(folder) && bootId === self.bootId;
    if (isHere && tool !== undefined && isAlive(tool)) throw stillMeasured(volume, folder.path, tool);
  }
  for (const { path } of abandoned) rmSync(path, { recursive: true, force: true });
  return abandoned.map(({ path }) => path);
}

function stillMeasured(volume: string, folder: string, pid: number): PodometerError {
  return new PodometerError(
    'PODO_VOLUME_REFUSED',
    `${volume} is still being measured: the podometer of ${basename(folder)} was killed, and its tool, process ${pid}, works on`,
    `Wait for its end, or end it: kill ${pid}. Where that process is something else: rm -r ${folder}`,
  );
}
