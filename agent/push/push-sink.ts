/**
 * Brings batches to the aggregator: each is in the spool until it is acknowledged, and they go one after the other, in
 * their order. Without an aggregator they stay in the spool, for `podometer import`.
 */
import { deflater } from '../../lib/deflater.ts';
import { spoolFileName } from '../../lib/spool-file.ts';
import { checkedBefore, decodeBatch } from '../../protocol/codec/batch-decode.ts';
import { encodeBatch } from '../../protocol/codec/batch-encode.ts';
import type { BatchSink } from '../batch-sink.ts';
import type { Backoff } from './backoff.ts';
import type { BatchClient, Delivery } from './batch-client.ts';
import type { Spool, Waiting } from './spool.ts';
import { withoutDetail } from './thin.ts';

export interface PushParts {
  readonly spool: Spool;
  /** Undefined: there is no aggregator. */
  readonly client: BatchClient | undefined;
  readonly backoff: Backoff;
  /** 32 hex digits: this agent. */
  readonly agent: string;
  /** For how long a batch may be denied before it is taken to be refused. */
  readonly deniedMs: number;
  readonly monotonicMs: () => number;
  readonly log: (message: string) => void;
}

/** The longest pause between two tries once the sink is being closed: a grace period is short. */
const CLOSING_PAUSE_MS = 500;

export class PushSink implements BatchSink {
  readonly #parts: PushParts;
  #sequence = 0;
  /** What is under way; resolves when nothing waits any more, or when the sink is closed. */
  #delivering: Promise<void> | undefined;
  #wait: { readonly timer: NodeJS.Timeout; readonly end: () => void } | undefined;
  #isClosing = false;
  #isClosed = false;
  #deniedSinceMs: number | undefined;
  #lastDetail = '';

  constructor(parts: PushParts) {
    this.#parts = parts;
    this.#start();
  }

  /** Resolves when the batch is in the spool: what becomes of it there keeps nobody waiting. */
  async push(bytes: Uint8Array): Promise<void> {
    this.#parts.spool.add(this.#parts.agent, this.#sequence++, bytes);
    this.#start();
  }

  /**
   * Delivers what waits, for at most `graceMs`. `kept`: something is left in the spool, for the agent's next start or
   * for `podometer import`.
   */
  async close(graceMs: number): Promise<'delivered' | 'kept'> {
    this.#isClosing = true;
    this.#wait?.end();
    const deadline = setTimeout(() => this.#stop(), graceMs);
    await this.#delivering;
    clearTimeout(deadline);
    this.#stop();
    return this.#parts.spool.first === undefined ? 'delivered' : 'kept';
  }

  #stop(): void {
    this.#isClosed = true;
    this.#wait?.end();
    this.#parts.client?.close();
  }

  #start(): void {
    const { client, spool } = this.#parts;
    if (client === undefined || this.#isClosed || spool.first === undefined) return;
    this.#delivering ??= this.#deliverAll(client);
  }

  async #deliverAll(client: BatchClient): Promise<void> {
    const { spool } = this.#parts;
    for (let next = spool.first; next !== undefined && !this.#isClosed; next = spool.first) {
      const bytes = spool.read(next);
      if (bytes === undefined) await this.#giveUp(next);
      else await this.#deliver(client, next, bytes);
    }
    // In the same turn in which nothing was left: a batch that comes after starts anew.
    this.#delivering = undefined;
  }

  async #deliver(client: BatchClient, waiting: Waiting, bytes: Uint8Array): Promise<void> {
    const { spool, backoff } = this.#parts;
    const delivery = this.#judged(await client.send(bytes));
    if (delivery.kind === 'later') {
      this.#logOnce(`the aggregator did not take a batch, it will be tried again: ${delivery.detail}`);
      await this.#pause(Math.max(backoff.nextMs(), delivery.afterMs ?? 0));
      return;
    }
    backoff.succeeded();
    if (delivery.kind === 'acknowledged') {
      this.#lastDetail = '';
      spool.remove(waiting);
    } else {
      this.#logOnce(`the aggregator refused a batch, which is kept aside: ${delivery.detail}`);
      spool.setAside(waiting, reduced(bytes, delivery.detail));
    }
  }

  /** One batch may be denied for so long: if it is the batch that is at fault, those behind it are not to wait for ever. */
  #judged(delivery: Delivery): Exclude<Delivery, { kind: 'denied' }> {
    if (delivery.kind === 'later') return delivery;
    const { deniedMs, monotonicMs } = this.#parts;
    const sinceMs = this.#deniedSinceMs ?? monotonicMs();
    this.#deniedSinceMs = undefined;
    if (delivery.kind !== 'denied') return delivery;
    const { detail } = delivery;
    if (monotonicMs() - sinceMs >= deniedMs) return { kind: 'refused', detail };
    this.#deniedSinceMs = sinceMs;
    return { kind: 'later', afterMs: undefined, detail };
  }

  async #giveUp(waiting: Waiting): Promise<void> {
    this.#parts.log(`${spoolFileName(waiting)} is damaged and was dropped`);
    this.#parts.spool.giveUp(waiting);
  }

  /** A failure that repeats itself is told once. */
  #logOnce(detail: string): void {
    if (detail !== this.#lastDetail) this.#parts.log(detail);
    this.#lastDetail = detail;
  }

  #pause(ms: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(this.#wait?.timer);
        this.#wait = undefined;
        resolve();
      };
      const shortened = this.#isClosing ? Math.min(ms, CLOSING_PAUSE_MS) : ms;
      this.#wait = { timer: setTimeout(end, shortened), end };
    });
  }
}

/**
 * What goes in place of a refused batch, so that those behind it leave no hole: the same without its detail. Undefined
 * where that is what was refused.
 */
function reduced(bytes: Uint8Array, why: string): Uint8Array | undefined {
  const batch = decodeBatch(bytes, checkedBefore, deflater);
  return batch.ticks.length === 0 ? undefined : encodeBatch(withoutDetail(batch, why), deflater);
}
