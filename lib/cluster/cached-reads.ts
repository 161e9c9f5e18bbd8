/** Reads that are remembered, shared while they are under way, and waited for no longer than there is time. */
import { setTimeout as after } from 'node:timers/promises';
import type { Clock } from '../clock.ts';

export interface CachedReadsOptions {
  readonly clock: Clock;
  /** Above this the one that was least recently read is forgotten. */
  readonly most: number;
  readonly keepMs: number;
  /** How long a failed read is not tried again. */
  readonly keepFailureMs: number;
}

interface Entry<T> {
  readonly value: Promise<T | undefined>;
  forgetAtMs: number;
}

export class CachedReads<T> {
  readonly #options: CachedReadsOptions;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(options: CachedReadsOptions) {
    this.#options = options;
  }

  /** Undefined where the read failed, or was not done after `limitMs`; it then goes on for those who ask later. */
  async get(key: string, limitMs: number, read: () => Promise<T>): Promise<T | undefined> {
    const { value } = this.#known(key) ?? this.#begin(key, read);
    if (limitMs <= 0) return undefined;
    const limit = new AbortController();
    const late = after(limitMs, undefined, { signal: limit.signal }).catch(() => undefined);
    const first = await Promise.race([value, late]);
    limit.abort();
    return first;
  }

  #known(key: string): Entry<T> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.forgetAtMs <= this.#options.clock.monotonicMs()) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #begin(key: string, read: () => Promise<T>): Entry<T> {
    const { clock, most, keepMs, keepFailureMs } = this.#options;
    const entry: Entry<T> = {
      forgetAtMs: Number.POSITIVE_INFINITY,
      value: read().then(
        (value) => {
          entry.forgetAtMs = clock.monotonicMs() + keepMs;
          return value;
        },
        () => {
          entry.forgetAtMs = clock.monotonicMs() + keepFailureMs;
          return undefined;
        },
      ),
    };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > most && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }
}
