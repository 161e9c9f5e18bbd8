/** Sends what the recorder has as batches: soon at first, so that a run is seen at once, and then seldom, for size. */

import { deflater } from '../lib/deflater.ts';
import { encodeBatch } from '../protocol/codec/batch-encode.ts';
import type { BatchSink } from './batch-sink.ts';
import type { Recorder } from './recorder.ts';
import type { RunTotals } from './totals.ts';

/** A command that ends before the first of these is sent as one batch. */
const SEND_AFTER_MS = [60, 1000, 3000];
const SEND_EVERY_MS = 5000;

export interface BatchSenderParts {
  readonly recorder: Recorder;
  readonly totals: RunTotals;
  readonly sink: BatchSink;
  /** Brings the totals up to date before they are sent. */
  readonly prepare: () => void;
  readonly sendEveryMs?: number;
}

export class BatchSender {
  readonly #parts: BatchSenderParts;
  readonly #sendEveryMs: number;
  #nextMs: number = SEND_AFTER_MS[0] ?? 0;
  #sent = 0;
  #sending: Promise<void> = Promise.resolve();

  constructor(parts: BatchSenderParts) {
    this.#parts = parts;
    this.#sendEveryMs = parts.sendEveryMs ?? SEND_EVERY_MS;
  }

  /** `nowMs`: ms since the start of the run. */
  sendWhereDue(nowMs: number): void {
    if (nowMs < this.#nextMs && !this.#parts.recorder.isFull) return;
    this.#send();
    this.#nextMs = SEND_AFTER_MS[this.#sent] ?? nowMs + this.#sendEveryMs;
  }

  /** Sends what is left; resolves when the sink has everything. */
  finish(): Promise<void> {
    this.#send();
    return this.#sending;
  }

  #send(): void {
    const { recorder, totals, sink, prepare } = this.#parts;
    prepare();
    const bytes = encodeBatch(recorder.drain(totals.toMap()), deflater);
    this.#sent++;
    this.#sending = this.#sending.then(() => sink.push(bytes));
  }
}
