/** What a store needs done now and then while it is served: sealing, and retention by a policy. One thing at a time. */
import type { Clock } from '../lib/clock.ts';
import { unhurried } from '../lib/unhurried.ts';
import type { StateOf } from './query/run-view.ts';
import type { RetentionPolicy } from './retention/policy.ts';
import { applyPlan, planFor } from './retention/retain.ts';
import type { KeptStore } from './store/model.ts';

export interface UpkeepOptions {
  readonly store: Pick<
    KeptStore,
    'runs' | 'run' | 'usage' | 'footprint' | 'thin' | 'remove' | 'seal' | 'sealSome'
  >;
  readonly stateOf: StateOf;
  readonly clock: Clock;
  /** Undefined: nothing is deleted. */
  readonly retention: RetentionPolicy | undefined;
  /** From the end of one round to the begin of the next. */
  readonly everyMs: number;
  /** A round that failed; the next one comes as ever. */
  readonly failed: (error: unknown) => void;
  /** Told of what retention did: one sentence. */
  readonly told: (message: string) => void;
}

export class Upkeep {
  readonly #options: UpkeepOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#round = this.round().catch(this.#options.failed);
      void this.#round.then(() => this.#stopping.signal.aborted || this.start());
    }, this.#options.everyMs);
    this.#timer.unref();
  }

  /** Resolves when nothing is under way any more; a long round ends after its next step. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#round;
  }

  /** Retention comes first, for it makes the room that sealing may need. */
  async round(): Promise<void> {
    await this.#retain();
    const { store } = this.#options;
    const { signal } = this.#stopping;
    const waiting: string[] = [];
    for await (const { id, sealed, isScattered } of unhurried(store.runs())) {
      if (!sealed || isScattered) waiting.push(id);
    }
    for (const id of waiting) {
      while (!signal.aborted && (await store.sealSome(id, signal)));
    }
  }

  async #retain(): Promise<void> {
    const { store, stateOf, clock, retention, told } = this.#options;
    if (retention === undefined) return;
    const plan = await planFor(store, stateOf, retention, clock.wallMs());
    const done = await applyPlan(store, stateOf, plan);
    for (const { record, to, why } of done) {
      told(`run ${record.id} (${record.workload.name}@${record.number}) ${BECAME[to]}: ${why}`);
    }
  }
}

const BECAME = {
  levels: 'was thinned to levels',
  summary: 'was thinned to its summary',
  deleted: 'was deleted',
} as const;
