/**
 * What a spool has on disk (lib/spool-file.ts), and how much of its volume that takes: a volume counts whole blocks.
 *
 *     FOLDER/podometer-AGENT-FIRST.batches           waits
 *     FOLDER/refused/podometer-AGENT-FIRST.batches   the aggregator will not have it
 *
 * Files are not flushed: the folder outlives the agent's container, and what survives the node is the aggregator's. A
 * file is written under another name first, so that one that is there is whole.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { batchRecord, RECORD_HEAD_BYTES } from '../../lib/batch-file.ts';
import { type SpoolFile, spoolFileName, spoolFileOf } from '../../lib/spool-file.ts';

export interface StoredFile extends SpoolFile {
  /** Of the volume. */
  readonly bytes: number;
  readonly writtenMs: number;
}

/** What file systems give space out in, and more than some do. */
export const BLOCK_BYTES = 4096;
const UNFINISHED = '.new';

/** What a batch of this length takes of the volume. */
export function bytesOnDisk(batchBytes: number): number {
  return Math.ceil((batchBytes + RECORD_HEAD_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
}

export class SpoolFolder {
  readonly #folder: string;
  readonly #log: (message: string) => void;
  #cannotWrite = false;
  /** Oldest first. */
  #refused: { readonly name: string; readonly bytes: number }[] = [];

  constructor(folder: string, log: (message: string) => void) {
    this.#folder = folder;
    this.#log = log;
  }

  /** Makes the folder, or answers what an earlier agent left in it to be sent, in the order in which it is to go. */
  open(): StoredFile[] {
    const folder = this.#folder;
    try {
      // Not with its parents: where a folder cannot be made at all (/proc), Node tries that for ever.
      if (!existsSync(folder)) mkdirSync(folder);
      for (const name of readdirSync(folder)) {
        if (name.endsWith(UNFINISHED)) rmSync(join(folder, name), { force: true });
      }
      this.#refused = inOrder(this.#refusedFolder).map((file) => ({ name: spoolFileName(file), ...file }));
      return inOrder(folder);
    } catch (error) {
      this.#log(`the spool cannot be used: ${(error as Error).message}`);
      return [];
    }
  }

  get refusedBytes(): number {
    return this.#refused.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Undefined where the file is gone or no longer whole. */
  read(name: string): Buffer | undefined {
    try {
      const record = readFileSync(join(this.#folder, name));
      const length = record.readUInt32LE();
      return length === record.length - RECORD_HEAD_BYTES ? record.subarray(RECORD_HEAD_BYTES) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Writes a file, or in place of one. False where there is no room for it, and then it is not there. */
  write(name: string, bytes: Uint8Array): boolean {
    const path = join(this.#folder, name);
    try {
      this.#replace(path, bytes);
      this.#cannotWrite = false;
      return true;
    } catch (error) {
      if (!this.#cannotWrite) this.#log(`the spool cannot be written: ${(error as Error).message}`);
      this.#cannotWrite = true;
      return false;
    }
  }

  remove(name: string): void {
    rmSync(join(this.#folder, name), { force: true });
  }

  rename(from: string, to: string): void {
    renameSync(join(this.#folder, from), join(this.#folder, to));
  }

  keepRefused(name: string, bytes: Uint8Array): void {
    try {
      if (!existsSync(this.#refusedFolder)) mkdirSync(this.#refusedFolder);
      writeFileSync(join(this.#refusedFolder, name), batchRecord(bytes), { mode: 0o600 });
      this.#refused.push({ name, bytes: bytesOnDisk(bytes.length) });
    } catch (error) {
      this.#log(`a refused batch could not be kept: ${(error as Error).message}`);
    }
  }

  /** False where there is none. */
  dropOldestRefused(): boolean {
    const oldest = this.#refused.shift();
    if (oldest === undefined) return false;
    rmSync(join(this.#refusedFolder, oldest.name), { force: true });
    this.#log(`${oldest.name}, which the aggregator had refused, was dropped: the spool was full`);
    return true;
  }

  get #refusedFolder(): string {
    return join(this.#folder, 'refused');
  }

  /** Where there is no room for both, the old one goes first. */
  #replace(path: string, bytes: Uint8Array): void {
    const unfinished = `${path}${UNFINISHED}`;
    const record = batchRecord(bytes);
    try {
      writeFileSync(unfinished, record, { mode: 0o600 });
      renameSync(unfinished, path);
    } catch (error) {
      rmSync(unfinished, { force: true });
      if (!existsSync(path)) throw error;
      rmSync(path);
      this.#replace(path, bytes);
    }
  }
}

/** Files of one agent in the order of their numbers, and the agents in the order in which they began. */
function inOrder(folder: string): StoredFile[] {
  const found = existsSync(folder) ? stored(folder) : [];
  const began = new Map<string, number>();
  for (const { agent, writtenMs } of found) {
    began.set(agent, Math.min(writtenMs, began.get(agent) ?? writtenMs));
  }
  return found.toSorted(
    (a, b) =>
      Number(began.get(a.agent)) - Number(began.get(b.agent)) ||
      a.agent.localeCompare(b.agent) ||
      a.first - b.first,
  );
}

function stored(folder: string): StoredFile[] {
  return readdirSync(folder).flatMap((name) => {
    const file = spoolFileOf(name);
    if (file === undefined) return [];
    const { size, mtimeMs } = statSync(join(folder, name));
    return [{ ...file, bytes: bytesOnDisk(size - RECORD_HEAD_BYTES), writtenMs: mtimeMs }];
  });
}
