/**
 * A program's standard output on its way to ours: passed on byte for byte, and looked at for figures. What it says is
 * believed in nothing: lines are cut at 4 KiB, only so many are looked at in a second, the names of figures are our
 * user's and their values are finite numbers.
 */
import { closeSync, write } from 'node:fs';
import { Socket } from 'node:net';
import { systemCode } from '../../lib/errors.ts';
import type { RunResult } from '../../protocol/results.ts';
import { FigureIntake } from './figure-intake.ts';
import { LineReader } from './line-reader.ts';
import type { OutputPattern } from './output-pattern.ts';
import type { OutputSeries } from './output-series.ts';
import type { ResultSource } from './result-source.ts';
import { openPipe } from './stdout-pipe.ts';

const LONGEST_LINE_BYTES = 4096;
/** Whoever still holds the pipe when the command has ended and is silent for this long is not waited for. */
const SILENCE_MS = 100;
const RETRY_MS = 5;

export interface ProgramOutputOptions {
  readonly patterns: readonly OutputPattern[];
  /** Where it goes: a file descriptor. */
  readonly target: number;
  readonly monotonicMs: () => number;
}

export class ProgramOutput implements ResultSource {
  readonly stdout: number;
  readonly #closed: Promise<void>;
  readonly #options: ProgramOutputOptions;
  readonly #source: Socket;
  readonly #lines = new LineReader(LONGEST_LINE_BYTES, (line) => this.#look(line));
  #intake: FigureIntake | undefined;
  #hasEnded = false;
  #lastHeardMs = 0;

  /** Throws PODO_TOOL_MISSING. */
  constructor(options: ProgramOutputOptions) {
    const { readEnd, writeEnd } = openPipe();
    this.#options = options;
    this.stdout = writeEnd;
    this.#source = new Socket({ fd: readEnd, readable: true, writable: false });
    this.#closed = new Promise((resolve) => this.#source.once('close', () => resolve()));
  }

  /** What the command has said before waits in the pipe: all of its figures come on the time line. */
  begin(series: OutputSeries): void {
    this.#intake = new FigureIntake(series, this.#options.monotonicMs);
    this.#source.on('data', (bytes: Buffer) => this.#take(bytes));
    closeSync(this.stdout);
  }

  /** Waits until nobody can write any more, and all was passed on: processes may outlive the command. */
  async release(): Promise<void> {
    if (this.#intake === undefined) {
      closeSync(this.stdout);
      this.#source.destroy();
    }
    await this.#closed;
  }

  async end(): Promise<readonly RunResult[]> {
    this.#lastHeardMs = this.#options.monotonicMs();
    await Promise.race([this.#closed, this.#silence()]);
    this.#lines.end();
    this.#hasEnded = true;
    return this.#intake?.results() ?? [];
  }

  async #silence(): Promise<void> {
    for (let waitMs = SILENCE_MS; waitMs > 0; ) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      waitMs = this.#lastHeardMs + SILENCE_MS - this.#options.monotonicMs();
    }
  }

  #take(bytes: Buffer): void {
    this.#lastHeardMs = this.#options.monotonicMs();
    if (!this.#hasEnded) this.#lines.push(bytes);
    this.#source.pause();
    this.#pass(bytes, 0);
  }

  /** Writes in the background: a slow reader of ours holds up the program, as it would without us, but not the measuring. */
  #pass(bytes: Buffer, from: number): void {
    write(this.#options.target, bytes, from, (error, written) => {
      if (error !== null && systemCode(error) === 'EAGAIN')
        setTimeout(() => this.#pass(bytes, from), RETRY_MS);
      // Nobody reads us, or the disk is full: the program meets a closed pipe, as it would have met the failure.
      else if (error !== null) this.#source.destroy();
      else if (from + written < bytes.length) this.#pass(bytes, from + written);
      else this.#source.resume();
    });
  }

  #look(line: string): void {
    const intake = this.#intake;
    if (!intake?.mayLook()) return;
    for (const { regExp, names } of this.#options.patterns) {
      const [, ...groups] = regExp.exec(line) ?? [];
      groups.forEach((text, i) => {
        const name = names[i];
        if (name !== undefined && text !== undefined) intake.note(name, text);
      });
    }
  }
}
