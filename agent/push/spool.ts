/**
 * Batches on their way, on disk (spool-folder.ts) until they are acknowledged. What cannot be written is held in memory,
 * and written when there is room again.
 *
 * All of it together never takes more than `limitBytes` of its volume, what the aggregator refused included; for the
 * moment in which a file is replaced, twice that. Above it, in this order: detail becomes coarser (thin.ts), the oldest
 * first; refused batches go, the oldest first; the oldest batches become one, without detail; and a batch that is too
 * large even so loses its processes and events. What is lost is told in an event of the batch that remains.
 */
import { deflater } from '../../lib/deflater.ts';
import { emptyBatch, type SpoolFile, spoolFileName } from '../../lib/spool-file.ts';
import type { Batch } from '../../protocol/batch.ts';
import { checkedBefore, decodeBatch } from '../../protocol/codec/batch-decode.ts';
import { encodeBatch } from '../../protocol/codec/batch-encode.ts';
import { emptied, merged } from './merge.ts';
import { BLOCK_BYTES, bytesOnDisk, SpoolFolder } from './spool-folder.ts';
import { thinned } from './thin.ts';

/** What waits of one agent from a number on: one batch, or several that became one. */
export interface Waiting extends SpoolFile {
  first: number;
  /** Number of the batch that it is; undefined where an earlier agent left it, until it is read. */
  last: number | undefined;
  /** What it takes of the volume, or will. */
  size: number;
  /** Held in memory: it is not written yet. */
  held: Uint8Array | undefined;
  /** How often it was thinned; Infinity where nothing is left to thin. */
  thinned: number;
  /** Nothing is left in it that may go. */
  isEmptied: boolean;
  /** What goes for those that became part of it, but for the number. */
  stand: Batch | undefined;
}

export interface SpoolOptions {
  readonly folder: string;
  readonly limitBytes: number;
  readonly log: (message: string) => void;
}

/** Memory is what an agent has least of. */
const MOST_HELD_BYTES = 4 * 1024 * 1024;
/** What of the whole refused batches may take. */
const REFUSED_SHARE = 1 / 4;

export class Spool {
  readonly #limitBytes: number;
  readonly #folder: SpoolFolder;
  /** Oldest first. */
  readonly #waiting: Waiting[];
  /** What was given up when nothing waited behind it. */
  #missing: (SpoolFile & Pick<Waiting, 'stand'>) | undefined;

  /** Makes the folder, or takes up what an earlier agent left in it. */
  constructor({ folder, limitBytes, log }: SpoolOptions) {
    this.#limitBytes = limitBytes;
    this.#folder = new SpoolFolder(folder, log);
    this.#waiting = this.#folder
      .open()
      .map(({ agent, first, bytes }) => ({ ...fresh({ agent, first }), size: bytes }));
  }

  get count(): number {
    return this.#waiting.length;
  }

  /** What is taken of the volume. */
  get bytes(): number {
    return this.#waiting.reduce((sum, { size }) => sum + size, this.#folder.refusedBytes);
  }

  /** What is to be sent next. */
  get first(): Waiting | undefined {
    return this.#waiting[0];
  }

  add(agent: string, sequence: number, bytes: Uint8Array): void {
    const size = bytesOnDisk(bytes.length);
    const { first, stand } = (this.#missing?.agent === agent && this.#missing) || { first: sequence };
    this.#missing = undefined;
    this.#waiting.push({ ...fresh({ agent, first }), last: sequence, size, held: bytes, stand });
    this.#makeRoom();
    for (const waiting of this.#waiting) {
      if (waiting.held !== undefined && !this.#put(waiting, waiting.held)) return;
    }
  }

  /** The bytes to send of what waits, until `remove` was called for each of its batches. Undefined where it is damaged. */
  read(waiting: Waiting): Uint8Array | undefined {
    if (isStoodFor(waiting)) return standIn(waiting);
    const bytes = this.#whole(waiting);
    if (bytes === undefined || waiting.first === waiting.last) return bytes;
    const batch = decoded(bytes);
    if (batch === undefined) return undefined;
    waiting.last = batch.sequence;
    waiting.stand ??= emptyBatch(batch, waiting.first);
    return isStoodFor(waiting) ? standIn(waiting) : bytes;
  }

  /** What `read` gave was acknowledged. */
  remove(waiting: Waiting): void {
    if (isStoodFor(waiting)) {
      this.#rename(waiting, waiting.first + 1);
      return;
    }
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    this.#folder.remove(spoolFileName(waiting));
  }

  /** It is damaged, or refused as a whole: the next of its agent stands for it, too. */
  giveUp(waiting: Waiting): void {
    const batch = this.#decoded(waiting);
    const { agent, first } = waiting;
    const next = this.#waiting[this.#waiting.indexOf(waiting) + 1];
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    this.#folder.remove(spoolFileName(waiting));
    const stand = batch && emptyBatch(batch, first);
    if (next === undefined) this.#missing = { agent, first, stand };
    else if (next.agent === agent) {
      this.#rename(next, first);
      next.stand = stand;
    }
  }

  /** What `read` gave was refused: the batch itself is kept aside, and `reduced` waits in its place. */
  setAside(waiting: Waiting, reduced: Uint8Array | undefined): void {
    const bytes = isStoodFor(waiting) ? undefined : this.#whole(waiting);
    if (bytes !== undefined) this.#folder.keepRefused(spoolFileName(waiting), bytes);
    while (this.#folder.refusedBytes > this.#limitBytes * REFUSED_SHARE) this.#folder.dropOldestRefused();
    if (isStoodFor(waiting)) this.remove(waiting);
    else if (reduced === undefined) this.giveUp(waiting);
    else {
      waiting.thinned = Number.POSITIVE_INFINITY;
      this.#put(waiting, reduced);
    }
  }

  #whole({ held, agent, first }: Waiting): Uint8Array | undefined {
    return held ?? this.#folder.read(spoolFileName({ agent, first }));
  }

  /** False where it has to be held. */
  #put(waiting: Waiting, bytes: Uint8Array): boolean {
    const isWritten = this.#folder.write(spoolFileName(waiting), bytes);
    waiting.size = bytesOnDisk(bytes.length);
    waiting.held = isWritten ? undefined : bytes;
    return isWritten;
  }

  #rename(waiting: Waiting, first: number): void {
    if (waiting.held === undefined) {
      this.#folder.rename(spoolFileName(waiting), spoolFileName({ ...waiting, first }));
    }
    waiting.first = first;
  }

  #makeRoom(): void {
    while (this.bytes > this.#limitBytes || this.#heldBytes() > MOST_HELD_BYTES) {
      if (!(this.#thinNext() || this.#folder.dropOldestRefused() || this.#mergeOldest() || this.#emptyNext()))
        return;
    }
  }

  #heldBytes(): number {
    return this.#waiting.reduce((sum, { held }) => sum + (held?.length ?? 0), 0);
  }

  /** Halving its detail counts as much as being half as old: what is old becomes coarse, and what is new stays fine. */
  #thinNext(): boolean {
    let next: Waiting | undefined;
    let most = 0;
    for (const [place, waiting] of this.#waiting.entries()) {
      const weight = (this.#waiting.length - place) / 2 ** waiting.thinned;
      if (weight <= most || waiting.size <= BLOCK_BYTES) continue;
      most = weight;
      next = waiting;
    }
    if (next !== undefined) this.#thin(next);
    return next !== undefined;
  }

  #thin(waiting: Waiting): void {
    const bytes = this.#whole(waiting);
    const before = bytes && decoded(bytes);
    const batch = before && thinned(before);
    const smaller = batch && encodeBatch(batch, deflater);
    if (smaller === undefined || smaller.length >= Number(bytes?.length)) {
      waiting.thinned = Number.POSITIVE_INFINITY;
    } else {
      waiting.thinned++;
      this.#change(waiting, smaller);
    }
  }

  /** Not the first, which may be under way. */
  #mergeOldest(): boolean {
    const place = this.#waiting.findIndex(({ agent }, i) => i > 0 && agent === this.#waiting[i + 1]?.agent);
    const [earlier, later] = this.#waiting.slice(place, place + 2);
    if (place < 0 || earlier === undefined || later === undefined) return false;
    const [before, after] = [this.#decoded(earlier), this.#decoded(later)];
    this.#waiting.splice(place + 1, 1);
    const kept = before && after ? merged(before, after) : (after ?? before);
    earlier.last = later.last ?? after?.sequence;
    earlier.thinned = Number.POSITIVE_INFINITY;
    earlier.isEmptied = false;
    if (kept !== undefined) this.#change(earlier, encodeBatch(kept, deflater));
    this.#folder.remove(spoolFileName(later));
    return true;
  }

  #emptyNext(): boolean {
    const next = this.#waiting.find(({ isEmptied, size }) => !isEmptied && size > BLOCK_BYTES);
    if (next === undefined) return false;
    next.isEmptied = true;
    const batch = this.#decoded(next);
    if (batch !== undefined) this.#change(next, encodeBatch(emptied(batch), deflater));
    return true;
  }

  /** What is not written yet is written when there is room for it. */
  #change(waiting: Waiting, bytes: Uint8Array): void {
    if (waiting.held === undefined) this.#put(waiting, bytes);
    else {
      waiting.held = bytes;
      waiting.size = bytesOnDisk(bytes.length);
    }
  }

  #decoded(waiting: Waiting): Batch | undefined {
    const bytes = this.#whole(waiting);
    return bytes && decoded(bytes);
  }
}

function fresh(file: SpoolFile): Waiting {
  return {
    ...file,
    last: undefined,
    size: 0,
    held: undefined,
    thinned: 0,
    isEmptied: false,
    stand: undefined,
  };
}

/** Whether batches became part of it that are not delivered yet. */
function isStoodFor({ stand, first, last }: Waiting): boolean {
  return stand !== undefined && last !== undefined && first < last;
}

function standIn({ stand, first }: Waiting): Uint8Array | undefined {
  return stand && encodeBatch({ ...stand, sequence: first }, deflater);
}

/** Undefined where it is damaged. */
function decoded(bytes: Uint8Array): Batch | undefined {
  try {
    return decodeBatch(bytes, checkedBefore, deflater);
  } catch {
    return undefined;
  }
}
