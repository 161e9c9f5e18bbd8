/**
 * One run being measured: keeps the pace, watches for ends between ticks, stays within the CPU budget, and sends what
 * it has as batches.
 */

import type { Clock } from '../lib/clock.ts';
import { encodeBatch } from '../protocol/codec/batch-encode.ts';
import type { RunDeclaration, RunOutcome } from '../protocol/run.ts';
import type { BatchSink } from './batch-sink.ts';
import type { CpuBudget } from './cpu-budget.ts';
import { OwnCost } from './own-cost.ts';
import { Pace } from './pace.ts';
import type { Recorder } from './recorder.ts';
import type { Sampler } from './sampler.ts';
import type { Schedule } from './schedule.ts';
import type { RunTotals } from './totals.ts';

export interface MeasurementParts {
  readonly clock: Clock;
  /** Monotonic ms of the run's time zero. */
  readonly epochMonotonicMs: number;
  readonly sampler: Sampler;
  readonly recorder: Recorder;
  readonly totals: RunTotals;
  readonly schedule: Schedule;
  readonly budget: CpuBudget;
  readonly sink: BatchSink;
  /** How often ends are looked for between ticks. */
  readonly watchIntervalMs: number;
}

/** Batches are sent soon at first, so that a run is seen at once, and then seldom, so that they are small. */
const SEND_AFTER_MS = [0, 1000, 3000];
const SEND_EVERY_MS = 5000;

export class Measurement {
  readonly #parts: MeasurementParts;
  readonly #pace: Pace;
  readonly #cost = new OwnCost();
  #timer: NodeJS.Timeout | undefined;
  #nextSendMs = 0;
  #sent = 0;
  #sending: Promise<void> = Promise.resolve();

  constructor(parts: MeasurementParts) {
    this.#parts = parts;
    this.#pace = new Pace(parts.epochMonotonicMs, parts.budget.intervalMs);
    parts.totals.set('intervalSeconds', parts.budget.intervalMs);
    parts.totals.set('gaps', 0);
  }

  /** ms since the run's time zero. */
  get nowMs(): number {
    return this.#parts.clock.monotonicMs() - this.#parts.epochMonotonicMs;
  }

  /** Takes the first sample at once and goes on until `finish`. */
  start(declaration: RunDeclaration): void {
    this.#parts.recorder.declare(declaration);
    this.#sample();
    this.#sendWhereDue();
    this.#wait();
  }

  /** Says more of the run than was known at its start. */
  declare(declaration: RunDeclaration): void {
    this.#parts.recorder.declare(declaration);
  }

  /** Takes the last sample now, out of turn: what was measured has ended and can still be read. */
  sampleLast(): void {
    this.#sample(true);
  }

  /** Stops, sends what is left and resolves when the sink has it. No sample is taken any more. */
  async finish(outcome: RunOutcome, wallMs: number): Promise<void> {
    const { sampler, recorder, totals } = this.#parts;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    totals.set('wallSeconds', Math.round(wallMs));
    totals.finish(wallMs);
    recorder.outcome(outcome);
    sampler.close();
    this.#send();
    await this.#sending;
  }

  #wait(): void {
    const { clock, watchIntervalMs } = this.#parts;
    const untilTick = this.#pace.waitMs(clock.monotonicMs());
    this.#timer = setTimeout(() => this.#wake(), Math.min(untilTick, watchIntervalMs));
  }

  #wake(): void {
    const { clock, sampler } = this.#parts;
    const due = this.#pace.take(clock.monotonicMs());
    if (due === undefined) {
      sampler.watchExits(this.nowMs);
    } else {
      if (due.missed > 0) this.#noteGap(due.missed);
      this.#stayWithinBudget(this.#cost.timeTick(() => this.#sample()));
      this.#sendWhereDue();
    }
    if (this.#timer !== undefined) this.#wait();
  }

  #sample(last = false): void {
    this.#parts.sampler.tick(this.nowMs, last);
    this.#parts.totals.add('samples', 1);
    this.#parts.totals.set('wallSeconds', Math.round(this.nowMs));
  }

  #noteGap(missed: number): void {
    const { recorder, totals } = this.#parts;
    totals.add('gaps', missed);
    const message = `${missed} ${missed === 1 ? 'sample was' : 'samples were'} due and could not be taken`;
    recorder.event({ atMs: Math.round(this.nowMs), kind: 'gap', value: missed, message });
  }

  #stayWithinBudget(tickMs: number): void {
    const { budget, totals, schedule, recorder } = this.#parts;
    if (!budget.spend(tickMs, this.#cost.backgroundLoad)) return;
    const intervalMs = budget.intervalMs;
    this.#pace.stretch(intervalMs);
    schedule.intervalMs = intervalMs;
    totals.peak('intervalSeconds', intervalMs);
    const message = `the CPU budget set the interval to ${intervalMs} ms`;
    recorder.event({ atMs: Math.round(this.nowMs), kind: 'interval', value: intervalMs, message });
  }

  #sendWhereDue(): void {
    if (this.nowMs < this.#nextSendMs && !this.#parts.recorder.isFull) return;
    this.#send();
    this.#nextSendMs = SEND_AFTER_MS[this.#sent] ?? this.nowMs + SEND_EVERY_MS;
  }

  #send(): void {
    const { recorder, totals, sink } = this.#parts;
    this.#cost.note(totals);
    const bytes = encodeBatch(recorder.drain(totals.toMap()));
    this.#sent++;
    this.#sending = this.#sending.then(() => sink.push(bytes));
  }
}
