/**
 * The folder in which a tool works, in the volume that it measures. It is removed when the tool has ended, however it
 * ended. Where podometer itself was killed it stays, and whoever comes next to this volume removes it
 * (abandoned-folders.ts). Until then a file in it tells whose it is; that file is written anew now and then, so that
 * other machines, which know nothing of our processes, see that somebody is there.
 */
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/errors.ts';
import { volumeFailure } from './volume-error.ts';

const PREFIX = 'podometer-storage-';
/** No job file can name it: names in those begin with a letter or digit. */
const OWNER_FILE = '.owner.json';
const HEARTBEAT_MS = 30_000;

/** Who made a work folder: several machines may share a volume. */
export interface FolderOwner {
  /** Where its pids mean something. */
  readonly host: string;
  readonly pid: number;
  /** Undefined where there is none to read. */
  readonly bootId?: string | undefined;
  /** The pid of the tool that works there, once it was started. */
  readonly tool?: number | undefined;
}

export function isWorkFolder(name: string): boolean {
  return name.startsWith(PREFIX);
}

export class WorkFolder {
  readonly path: string;
  readonly hasDirectIo: boolean;
  #owner: FolderOwner;
  readonly #heartbeat: NodeJS.Timeout;

  /** Throws PODO_VOLUME_UNUSABLE or PODO_VOLUME_FULL. */
  constructor(volume: string, owner: FolderOwner) {
    this.#owner = owner;
    this.path = makeFolder(volume);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    try {
      this.#writeOwner();
      this.hasDirectIo = canOpenDirectly(join(this.path, 'direct'));
    } catch (error) {
      this.remove();
      throw volumeFailure(volume, systemCode(error), error) ?? error;
    }
  }

  /** The tool that works here was started. */
  setTool(pid: number): void {
    this.#owner = { ...this.#owner, tool: pid };
    this.#beat();
  }

  remove(): void {
    clearInterval(this.#heartbeat);
    rmSync(this.path, { recursive: true, force: true });
  }

  #beat(): void {
    try {
      this.#writeOwner();
    } catch {
      // The tool meets the same, and its failure is told.
    }
  }

  /** In its place: a volume that has become full has no room for a second one. */
  #writeOwner(): void {
    const file = openSync(join(this.path, OWNER_FILE), constants.O_CREAT | constants.O_WRONLY);
    try {
      writeSync(file, JSON.stringify(this.#owner), 0);
    } finally {
      closeSync(file);
    }
  }
}

function makeFolder(volume: string): string {
  try {
    return mkdtempSync(join(volume, PREFIX));
  } catch (error) {
    throw volumeFailure(volume, systemCode(error), error) ?? error;
  }
}

export interface OwnedFolder {
  readonly path: string;
  readonly owner: FolderOwner;
  /** When its owner last showed that it is there, by the volume's clock. */
  readonly seenMs: number;
}

/** The work folders in a volume whose owner can be told; others are left alone. */
export function ownedFolders(volume: string): OwnedFolder[] {
  return entriesOf(volume)
    .filter(isWorkFolder)
    .flatMap((name) => ownedFolder(join(volume, name)) ?? []);
}

function ownedFolder(path: string): OwnedFolder | undefined {
  try {
    const file = join(path, OWNER_FILE);
    const { host, pid, bootId, tool } = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof host !== 'string' || !Number.isInteger(pid)) return undefined;
    const owner = { host, pid, bootId, ...(Number.isInteger(tool) && { tool }) };
    return { path, owner, seenMs: statSync(file).mtimeMs };
  } catch {
    return undefined;
  }
}

/** None where there is no folder to look into: whoever wants to work there is told why. */
function entriesOf(volume: string): string[] {
  try {
    return readdirSync(volume);
  } catch {
    return [];
  }
}

/** What the time is for the files of a volume, which another machine may keep. */
export function volumeNowMs(volume: string): number {
  try {
    const probe = mkdtempSync(join(volume, PREFIX));
    try {
      return statSync(probe).mtimeMs;
    } finally {
      rmdirSync(probe);
    }
  } catch {
    return Date.now();
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
