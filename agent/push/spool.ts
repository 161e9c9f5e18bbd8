/**
 * Batches on their way, on disk until they are acknowledged. A file per batch, in the form of lib/batch-file.ts, so that
 * `podometer import FOLDER` takes them in:
 *
 *     FOLDER/podometer-AGENT-SEQUENCE.batches       waits (SEQUENCE: ten digits)
 *     FOLDER/refused/podometer-AGENT-SEQUENCE.batches   the aggregator will not have it
 *
 * Files are not flushed: the folder outlives the agent's container, and what survives the node is the aggregator's. A
 * file is written under another name first, so that one that is there is whole. What cannot be written is held in memory.
 *
 * Above `limitBytes` detail becomes coarser (thin.ts), the oldest first. Nothing else is ever dropped.
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
import { BATCH_FILE_SUFFIX, batchRecord, RECORD_HEAD_BYTES } from '../../lib/batch-file.ts';
import { deflater } from '../../lib/deflater.ts';
import { checkedBefore, decodeBatch } from '../../protocol/codec/batch-decode.ts';
import { encodeBatch } from '../../protocol/codec/batch-encode.ts';
import { thinned } from './thin.ts';

/** One batch that waits. */
export interface Waiting {
  readonly name: string;
  size: number;
  /** Held in memory: it could not be written. */
  held: Uint8Array | undefined;
  /** How often it was thinned; Infinity where nothing is left to thin. */
  thinned: number;
}

export interface SpoolOptions {
  readonly folder: string;
  readonly limitBytes: number;
  readonly log: (message: string) => void;
}

/** Memory is what an agent has least of. */
const MOST_HELD_BYTES = 4 * 1024 * 1024;

const NAME = /^podometer-([0-9a-f]{32})-(\d{10})\.batches$/;

export class Spool {
  readonly #options: SpoolOptions;
  /** Oldest first. */
  readonly #waiting: Waiting[];
  #bytes: number;
  #cannotWrite = false;

  /** Makes the folder, or takes up what an earlier agent left in it. */
  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#waiting = this.#open();
    this.#bytes = this.#waiting.reduce((sum, { size }) => sum + size, 0);
  }

  get count(): number {
    return this.#waiting.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The batch that is to be sent next. */
  get first(): Waiting | undefined {
    return this.#waiting[0];
  }

  add(agent: string, sequence: number, bytes: Uint8Array): void {
    const name = `podometer-${agent}-${String(sequence).padStart(10, '0')}${BATCH_FILE_SUFFIX}`;
    const waiting: Waiting = { name, size: 0, held: undefined, thinned: 0 };
    this.#waiting.push(waiting);
    this.#put(waiting, bytes);
    this.#makeRoom();
  }

  /** Undefined where the file is gone or no longer whole. */
  read({ name, held }: Waiting): Uint8Array | undefined {
    if (held !== undefined) return held;
    try {
      const record = readFileSync(join(this.#options.folder, name));
      const length = record.readUInt32LE();
      return length === record.length - RECORD_HEAD_BYTES ? record.subarray(RECORD_HEAD_BYTES) : undefined;
    } catch {
      return undefined;
    }
  }

  /** It was acknowledged. */
  remove(waiting: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    this.#bytes -= waiting.size;
    rmSync(join(this.#options.folder, waiting.name), { force: true });
  }

  /** It was refused: the batch itself is kept aside, and `reduced` waits in its place. */
  setAside(waiting: Waiting, reduced: Uint8Array | undefined): void {
    const { folder, log } = this.#options;
    const bytes = this.read(waiting);
    try {
      const refused = join(folder, 'refused');
      if (!existsSync(refused)) mkdirSync(refused);
      if (bytes !== undefined) writeFileSync(join(folder, 'refused', waiting.name), batchRecord(bytes));
    } catch (error) {
      log(`a refused batch could not be kept: ${(error as Error).message}`);
    }
    if (reduced === undefined) this.remove(waiting);
    else {
      waiting.thinned = Number.POSITIVE_INFINITY;
      this.#put(waiting, reduced);
    }
  }

  #open(): Waiting[] {
    const { folder, log } = this.#options;
    try {
      // Not with its parents: where a folder cannot be made at all (/proc), Node tries that for ever.
      if (!existsSync(folder)) mkdirSync(folder);
      return leftOver(folder);
    } catch (error) {
      log(`the spool cannot be used: ${(error as Error).message}`);
      return [];
    }
  }

  #put(waiting: Waiting, bytes: Uint8Array): void {
    this.#bytes -= waiting.size;
    waiting.size = bytes.length;
    this.#bytes += waiting.size;
    waiting.held = this.#write(waiting.name, bytes) ? undefined : bytes;
  }

  #write(name: string, bytes: Uint8Array): boolean {
    const path = join(this.#options.folder, name);
    try {
      writeFileSync(`${path}.new`, batchRecord(bytes), { mode: 0o600 });
      renameSync(`${path}.new`, path);
      this.#cannotWrite = false;
      return true;
    } catch (error) {
      rmSync(`${path}.new`, { force: true });
      if (!this.#cannotWrite) this.#options.log(`the spool cannot be written: ${(error as Error).message}`);
      this.#cannotWrite = true;
      return false;
    }
  }

  #makeRoom(): void {
    while (this.#bytes > this.#options.limitBytes || this.#heldBytes() > MOST_HELD_BYTES) {
      const next = this.#nextToThin();
      if (next === undefined) return;
      this.#thin(next);
    }
  }

  #heldBytes(): number {
    if (!this.#cannotWrite) return 0;
    return this.#waiting.reduce((sum, { held }) => sum + (held?.length ?? 0), 0);
  }

  /** Halving its detail counts as much as being half as old: what is old becomes coarse, and what is new stays fine. */
  #nextToThin(): Waiting | undefined {
    let next: Waiting | undefined;
    let most = 0;
    for (const [place, waiting] of this.#waiting.entries()) {
      const weight = (this.#waiting.length - place) / 2 ** waiting.thinned;
      if (weight <= most) continue;
      most = weight;
      next = waiting;
    }
    return next;
  }

  #thin(waiting: Waiting): void {
    const bytes = this.read(waiting);
    const batch = bytes && thinned(decodeBatch(bytes, checkedBefore, deflater));
    const smaller = batch && encodeBatch(batch, deflater);
    if (smaller === undefined || smaller.length >= waiting.size) waiting.thinned = Number.POSITIVE_INFINITY;
    else {
      waiting.thinned++;
      this.#put(waiting, smaller);
    }
  }
}

/** Those of one agent in the order of their sequence, and the agents in the order in which they began. */
function leftOver(folder: string): Waiting[] {
  const found = spooled(folder);
  const began = new Map<string, number>();
  for (const { agent, writtenMs } of found) {
    began.set(agent, Math.min(writtenMs, began.get(agent) ?? writtenMs));
  }
  return found
    .toSorted((a, b) => Number(began.get(a.agent)) - Number(began.get(b.agent)) || (a.name < b.name ? -1 : 1))
    .map(({ name, size }) => ({ name, size, held: undefined, thinned: 0 }));
}

function spooled(folder: string): { name: string; agent: string; size: number; writtenMs: number }[] {
  return readdirSync(folder).flatMap((name) => {
    const [, agent] = NAME.exec(name) ?? [];
    if (agent === undefined) return [];
    const { size, mtimeMs } = statSync(join(folder, name));
    return [{ name, agent, size: size - RECORD_HEAD_BYTES, writtenMs: mtimeMs }];
  });
}
