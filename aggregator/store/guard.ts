/**
 * Keeps processes from opening a store while another one commits. Whoever opens an environment sets its newest
 * transaction, which all processes share, to the one that it read a moment before (`mdb_env_open2`); what was committed in
 * that moment is lost, although it was acknowledged. So an opener is alone, and writers hold the same lock while they
 * write (docs/decisions/0015-guard.md).
 *
 * The lock is the write mutex of a second, empty environment beside the store: the kernel gives it back when its holder
 * is killed. Nothing is ever committed there, so opening it loses nothing.
 */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { open, type RootDatabase, type RootDatabaseOptions } from 'lmdb';
import { makeFolder } from '../../lib/make-folder.ts';

export const GUARD_FOLDER = 'guard';

/** Writers that come while one writes share its hold, for at most so long: then those of other processes have a turn. */
const LONGEST_HOLD_MS = 50;
/** Who has waited for a mutex needs a moment to wake up and take it. */
const TURN_MS = 1;

const options: RootDatabaseOptions = { noSubdir: false, overlappingSync: false, eventTurnBatching: false };

interface Hold {
  users: number;
  readonly end: () => void;
  readonly released: Promise<void>;
}

export class Guard {
  /** One of each folder: a second one of this process would wait for the first. */
  static readonly #open = new Map<string, Guard>();

  readonly #folder: string;
  readonly #environment: RootDatabase;
  #owners = 0;
  #hold: Hold | undefined;
  /** Since when this process has held it with hardly a pause. */
  #busySinceMs = 0;
  #releasedAtMs = Number.NEGATIVE_INFINITY;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#environment = open(folder, options);
  }

  /** Of the store in `folder`. Throws LMDB's and the file system's errors as they are. */
  static of(folder: string): Guard {
    const place = join(folder, GUARD_FOLDER);
    makeFolder(place, 0o700);
    const known = realpathSync(place);
    const guard = Guard.#open.get(known) ?? new Guard(known);
    Guard.#open.set(known, guard);
    guard.#owners += 1;
    return guard;
  }

  /** Runs `task` while no other process opens or writes; this one stands still until it may. */
  alone<T>(task: () => T): T {
    // LMDB opens an environment that this process writes to already without touching what processes share.
    return this.#hold === undefined ? this.#environment.transactionSync(task) : task();
  }

  /** Runs `task` while no other process opens or writes, at the same time as others of this process. */
  async during<T>(task: () => Promise<T>): Promise<T> {
    const hold = await this.#join();
    try {
      return await task();
    } finally {
      hold.users -= 1;
      if (hold.users === 0) hold.end();
    }
  }

  close(): Promise<void> {
    this.#owners -= 1;
    if (this.#owners > 0) return Promise.resolve();
    Guard.#open.delete(this.#folder);
    return this.#environment.close();
  }

  async #join(): Promise<Hold> {
    for (;;) {
      const nowMs = performance.now();
      const hold = this.#hold;
      if (hold === undefined) {
        if (!this.#isOthersTurn(nowMs)) return this.#take(nowMs);
        await after(TURN_MS);
      } else if (hold.users > 0 && nowMs - this.#busySinceMs < LONGEST_HOLD_MS) {
        hold.users += 1;
        return hold;
      } else await hold.released;
    }
  }

  #isOthersTurn(nowMs: number): boolean {
    return nowMs - this.#releasedAtMs < TURN_MS && nowMs - this.#busySinceMs >= LONGEST_HOLD_MS;
  }

  #take(nowMs: number): Hold {
    if (nowMs - this.#releasedAtMs >= TURN_MS) this.#busySinceMs = nowMs;
    const { promise, resolve: end } = Promise.withResolvers<void>();
    // A transaction whose callback promises something lasts until then. It is empty, so its end writes nothing.
    const released = this.#environment
      .transactionSync(() => promise)
      .then(() => {
        this.#hold = undefined;
        this.#releasedAtMs = performance.now();
      });
    this.#hold = { users: 1, end, released };
    return this.#hold;
  }
}
