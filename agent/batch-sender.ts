/** Sends what the recorder has as batches: soon at first, so that a run is seen at once, and then seldom, for size. */

import { deflater } from '../lib/deflater.ts';
import { encodeBatch } from '../protocol/codec/batch-encode.ts';
import type { BatchSink } from './batch-sink.ts';
import type { Recorder } from './recorder.ts';
import type { RunTotals } from './totals.ts';

/** A command that ends before the first of these is sent as one batch. */
const SEND_AFTER_MS = [60, 1000, 3000];
const SEND_EVERY_MS = 5000;

export class BatchSender {
  readonly #recorder: Recorder;
  readonly #totals: RunTotals;
  readonly #sink: BatchSink;
  readonly #prepare: () => void;
  #nextMs: number = SEND_AFTER_MS[0] ?? 0;
  #sent = 0;
  #sending: Promise<void> = Promise.resolve();

  /** `prepare`: brings the totals up to date before they are sent. */
  constructor(recorder: Recorder, totals: RunTotals, sink: BatchSink, prepare: () => void) {
    this.#recorder = recorder;
    this.#totals = totals;
    this.#sink = sink;
    this.#prepare = prepare;
  }

  /** `nowMs`: ms since the start of the run. */
  sendWhereDue(nowMs: number): void {
    if (nowMs < this.#nextMs && !this.#recorder.isFull) return;
    this.#send();
    this.#nextMs = SEND_AFTER_MS[this.#sent] ?? nowMs + SEND_EVERY_MS;
  }

  /** Sends what is left; resolves when the sink has everything. */
  finish(): Promise<void> {
    this.#send();
    return this.#sending;
  }

  #send(): void {
    this.#prepare();
    const bytes = encodeBatch(this.#recorder.drain(this.#totals.toMap()), deflater);
    this.#sent++;
    this.#sending = this.#sending.then(() => this.#sink.push(bytes));
  }
}
