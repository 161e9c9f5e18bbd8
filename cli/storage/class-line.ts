/** How the measuring of one StorageClass gets on: one line on a terminal, else a line for each change. */
import type { Clock } from '../../lib/clock.ts';
import type { StorageStatus } from '../../protocol/metric-set.ts';
import type { Output } from '../command.ts';
import { duration } from '../terminal/format.ts';
import { printable } from '../terminal/width.ts';

const CLEAR = '\r\u001b[2K';
const BAR_WIDTH = 20;

export interface ClassLineOptions {
  /** `fast-ssd: fio quick` */
  readonly title: string;
  /** How long the tool measures, where that is known. */
  readonly runtimeSeconds: number | undefined;
}

export class ClassLine {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #options: ClassLineOptions;
  #shown = '';
  /** The run that goes on, and since when. */
  #running: { readonly number: number; readonly sinceMs: number } | undefined;

  constructor(output: Output, clock: Clock, options: ClassLineOptions) {
    this.#output = output;
    this.#clock = clock;
    this.#options = options;
  }

  show(status: StorageStatus): void {
    const { isTty, columns } = this.#output;
    const parts = [`podometer  ${this.#options.title}`, whichRun(status), stateOf(status)];
    const told = parts.filter((part) => part !== '').join('  ');
    if (isTty)
      this.#write(`${CLEAR}${printable(`${told}${this.#progress(status)}`).slice(0, columns - 1)}\r`);
    else if (told !== this.#shown) this.#output.write(`${printable(told)}\n`);
    this.#shown = told;
  }

  /** A sentence that stays. */
  tell(sentence: string): void {
    this.#output.write(`podometer: ${printable(sentence)}\n`);
  }

  end(): void {
    if (this.#output.isTty && this.#shown !== '') this.#write(CLEAR);
  }

  #write(text: string): void {
    this.#output.write(text);
  }

  /** Since the run was first seen to go on, so that the clocks of two machines need not agree. */
  #progress({ phase, started = 0 }: StorageStatus): string {
    if (phase !== 'Running') return '';
    if (this.#running?.number !== started) {
      this.#running = { number: started, sinceMs: this.#clock.monotonicMs() };
    }
    const seconds = (this.#clock.monotonicMs() - this.#running.sinceMs) / 1000;
    const { runtimeSeconds } = this.#options;
    if (runtimeSeconds === undefined) return `  ${duration(seconds)}`;
    const share = Math.min(0.99, seconds / runtimeSeconds);
    const bar = '#'.repeat(Math.floor(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '.');
    return `  [${bar}] ${Math.floor(100 * share)} %  ${duration(seconds)} of ${duration(runtimeSeconds)}`;
  }
}

function whichRun({ measured = 0, runs = 1 }: StorageStatus): string {
  return runs > 1 ? `run ${Math.min(measured + 1, runs)} of ${runs}` : '';
}

function stateOf({ phase, message }: StorageStatus): string {
  if (phase === undefined) return 'waits for the controller';
  const state = phase.toLowerCase();
  return message === undefined || phase === 'Running' ? state : `${state}: ${message}`;
}
