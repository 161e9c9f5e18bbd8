/** Takes a snapshot of the live figures at a steady pace and sends them on, oldest first. */
import type { Clock } from '../../lib/clock.ts';
import type { LiveRuns } from '../live/live-runs.ts';
import type { Exporter, Sent } from './exporter.ts';
import type { ForwardSpool } from './forward-spool.ts';
import { momentOf, momentText } from './moment.ts';

export interface ForwarderOptions {
  readonly live: Pick<LiveRuns, 'snapshot'>;
  readonly exporter: Exporter;
  readonly spool: ForwardSpool;
  readonly clock: Clock;
  readonly everyMs: number;
  /** Told once when sending begins to fail, once when it works again, and of each snapshot that was refused. */
  readonly log: (message: string) => void;
}

export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #startMs: number;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #isAway = false;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.#startMs = options.clock.wallMs();
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), this.#options.everyMs);
    this.#timer.unref();
  }

  /** What could not be sent stays in the spool. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sending;
  }

  /** One snapshot; what waits is sent in the background, if that is not under way. */
  tick(): void {
    const { live, spool, clock, log } = this.#options;
    const points = live.snapshot();
    const text = momentText({ atMs: clock.wallMs(), startMs: this.#startMs, points });
    try {
      if (points.length > 0) spool.push(text);
    } catch (error) {
      log(`a snapshot could not be kept for forwarding: ${(error as Error).message}`);
    }
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Resolves when nothing is being sent. */
  async settled(): Promise<void> {
    await this.#sending;
  }

  async #drain(): Promise<void> {
    const { spool, log } = this.#options;
    for (let text = spool.first(); text !== undefined; text = spool.first()) {
      const sent = await this.#send(text);
      if (sent.kind === 'later') {
        if (!this.#isAway) log(`figures cannot be forwarded and wait: ${sent.detail}`);
        this.#isAway = true;
        return;
      }
      if (sent.kind === 'refused') log(`a snapshot was refused and is left out: ${sent.detail}`);
      else if (this.#isAway) log('figures are forwarded again');
      this.#isAway = false;
      spool.shift();
    }
  }
  async #send(text: string): Promise<Sent> {
    const moment = momentOf(text);
    if (moment === undefined) return { kind: 'refused', detail: 'its file is damaged' };
    return this.#options.exporter(moment);
  }
}
