/**
 * One run being measured: keeps the pace, watches for ends between ticks, stays within the CPU budget, and sends what
 * it has as batches.
 */

import type { Clock } from '../lib/clock.ts';
import type { RunDeclaration, RunOutcome } from '../protocol/run.ts';
import { BatchSender } from './batch-sender.ts';
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
  /** Asked before each look: who knows more closely when something ended. */
  readonly beforeWatch?: () => void;
  /** How often batches are sent once the run is under way; where it is left out, as the sender has it. */
  readonly sendEveryMs?: number;
  /** The wall time of what is measured so far, in ms; where it is left out, the time since time zero. */
  readonly wallMs?: () => number;
}

export class Measurement {
  readonly #parts: MeasurementParts;
  readonly #pace: Pace;
  readonly #cost = new OwnCost();
  readonly #sender: BatchSender;
  #timer: NodeJS.Timeout | undefined;
  #lastFailure = '';

  constructor(parts: MeasurementParts) {
    this.#parts = parts;
    this.#sender = new BatchSender({
      ...parts,
      prepare: () => this.#cost.note(parts.totals),
    });
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
    this.#wait();
  }

  /** Says more of the run than was known at its start. */
  declare(declaration: RunDeclaration): void {
    this.#parts.recorder.declare(declaration);
  }

  /** Looks for processes that have ended, out of turn. */
  watchEnds(): void {
    this.#parts.sampler.watchExits(this.nowMs);
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
    await this.#sender.finish();
  }

  #wait(): void {
    const { clock, watchIntervalMs } = this.#parts;
    const untilTick = this.#pace.waitMs(clock.monotonicMs());
    this.#timer = setTimeout(() => this.#wake(), Math.min(untilTick, watchIntervalMs));
  }

  #wake(): void {
    const { clock, sampler, beforeWatch } = this.#parts;
    beforeWatch?.();
    const due = this.#pace.take(clock.monotonicMs());
    if (due === undefined) {
      sampler.watchExits(this.nowMs);
      if (sampler.mayHaveStarted) this.#sample();
    } else {
      if (due.missed > 0) this.#noteGap(due.missed);
      this.#stayWithinBudget(this.#cost.timeTick(() => this.#sample()));
    }
    this.#sender.sendWhereDue(this.nowMs);
    if (this.#timer !== undefined) this.#wait();
  }

  #sample(last = false): void {
    const { sampler, totals } = this.#parts;
    totals.set('wallSeconds', Math.round(this.#parts.wallMs?.() ?? this.nowMs));
    try {
      sampler.tick(this.nowMs, last);
      totals.add('samples', 1);
    } catch (error) {
      this.#noteFailure(error);
    }
  }

  /** The measured program must not suffer from a fault of ours: measuring goes on, and the run says what was missed. */
  #noteFailure(error: unknown): void {
    const message = `a sample failed: ${error instanceof Error ? error.message : error}`.slice(0, 1024);
    if (message === this.#lastFailure) return;
    this.#lastFailure = message;
    this.#parts.recorder.event({ atMs: Math.round(this.nowMs), kind: 'warning', message });
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
}
