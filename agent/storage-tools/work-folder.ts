/**
 * The folder in which a tool works, in the volume that it measures. It is removed when the tool has ended, however it
 * ended. Where podometer itself was killed it stays; whoever comes next to this volume on this machine finds that its
 * owner is gone, and removes it.
 */
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/errors.ts';
import { volumeFailure } from './volume-error.ts';

const PREFIX = 'podometer-storage-';
const OWNER_FILE = 'owner.json';

/** Who made a work folder: several machines may share a volume. */
export interface FolderOwner {
  readonly host: string;
  readonly pid: number;
  /** Undefined where there is none to read. */
  readonly bootId?: string | undefined;
}

export function isWorkFolder(name: string): boolean {
  return name.startsWith(PREFIX);
}

export class WorkFolder {
  readonly path: string;
  readonly hasDirectIo: boolean;

  /** Throws PODO_VOLUME_UNUSABLE or PODO_VOLUME_FULL. */
  constructor(volume: string, owner: FolderOwner) {
    try {
      this.path = mkdtempSync(join(volume, PREFIX));
    } catch (error) {
      throw volumeFailure(volume, systemCode(error), error) ?? error;
    }
    try {
      writeFileSync(join(this.path, OWNER_FILE), JSON.stringify(owner));
      this.hasDirectIo = canOpenDirectly(join(this.path, 'direct'));
    } catch (error) {
      this.remove();
      throw volumeFailure(volume, systemCode(error), error) ?? error;
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/**
 * Removes the work folders whose owner was of this machine and has died, and answers their paths. `self`: this process;
 * `isAlive`: whether a process of this machine lives.
 */
export function removeAbandoned(
  volume: string,
  self: FolderOwner,
  isAlive: (pid: number) => boolean,
): string[] {
  const hasDied = ({ host, bootId, pid }: FolderOwner): boolean =>
    host === self.host && (bootId !== self.bootId || !isAlive(pid));
  const abandoned = readdirSync(volume)
    .filter(isWorkFolder)
    .map((name) => join(volume, name))
    .filter((path) => {
      const owner = ownerOf(path);
      return owner !== undefined && hasDied(owner);
    });
  for (const path of abandoned) rmSync(path, { recursive: true, force: true });
  return abandoned;
}

/** Undefined where it cannot be told: such a folder is left alone. */
function ownerOf(path: string): FolderOwner | undefined {
  try {
    const { host, pid, bootId } = JSON.parse(readFileSync(join(path, OWNER_FILE), 'utf8'));
    return typeof host === 'string' && Number.isInteger(pid) ? { host, pid, bootId } : undefined;
  } catch {
    return undefined;
  }
}

function canOpenDirectly(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_CREAT | constants.O_RDWR | (constants.O_DIRECT ?? 0)));
    return constants.O_DIRECT !== undefined;
  } catch (error) {
    if (systemCode(error) === 'EINVAL') return false;
    throw error;
  } finally {
    rmSync(path, { force: true });
  }
}
