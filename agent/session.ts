/** One local run being measured, whatever it is measured with. */
import type { RunOutcome } from '../protocol/run.ts';
import type { OutputSeries } from './results/output-series.ts';
import type { RunTotals } from './totals.ts';

export interface Session {
  readonly totals: RunTotals;
  /** What the measured program tells of itself. */
  readonly outputs: OutputSeries;
  /** ms since the start. */
  readonly nowMs: number;
  /** Measured processes that have not ended. */
  readonly living: number;
  /** `watchMs`: how often ends are looked for; `onRootEnd`: called once when the root process is seen to have ended. */
  start(watchMs: number, onRootEnd?: () => void): void;
  /** The command has just ended: takes the last sample of what can still be read. */
  endRoot(): void;
  /** Takes the last sample of a process that goes on. */
  sampleLast(): void;
  /** Sends everything that is left; resolves when the sink has it. */
  finish(outcome: Omit<RunOutcome, 'endedAtMs'>): Promise<RunOutcome>;
}
