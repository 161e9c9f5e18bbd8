/**
 * Takes the known children out of what the kernel adds to a parent.
 *
 * When a process waits for a child, the kernel adds the child's whole CPU time (its own and that of the children it
 * had reaped) to the parent's cutime and cstime, and the child's IO to the parent's /proc/PID/io. A child that was
 * sampled has its own rows already, so what it was last seen with is taken off its parent again. What remains is the
 * use of children that no sample saw and of the last moments of those that were seen: every unit is counted once.
 *
 * A parent that ignores SIGCHLD is given nothing by the kernel, so never more is taken off than the counter grew by
 * since the child was last seen.
 */
export class ReapedChildren {
  /** Taken off for good, by counter. */
  readonly #taken: Float64Array;
  /** Raw counters at the last reading. */
  readonly #raw: Float64Array;
  /** What children that are gone were last seen with, and the parent's counters have not yet shown. */
  readonly #pending: Float64Array;
  readonly #shown: Float64Array;
  /** How many readings of the counter there were since the last child was lost. */
  readonly #ages: Uint8Array;

  /** `count`: how many counters there are. */
  constructor(count: number) {
    this.#taken = new Float64Array(count);
    this.#raw = new Float64Array(count);
    this.#pending = new Float64Array(count);
    this.#shown = new Float64Array(count);
    this.#ages = new Uint8Array(count);
  }

  /**
   * A known child is gone; `seen` is what it was last seen with, in the order of the counters (NaN: not known), and
   * `its` are the children that it had lost: what its own counters had not yet shown of them came along with the rest.
   */
  lose(seen: ArrayLike<number>, its: ReapedChildren): void {
    for (let i = 0; i < this.#pending.length; i++)
      this.#pending[i] = at(this.#pending, i) + (at(seen, i) || 0) + at(its.#pending, i);
    this.#ages.fill(0);
  }

  /**
   * Replaces the raw counters in `values` by those without the known children; never falls. NaN (not read) stays NaN.
   * To be called once per reading, after every `lose` that this reading found.
   */
  apply(values: Float64Array): void {
    for (let i = 0; i < values.length; i++) {
      const raw = at(values, i);
      if (Number.isNaN(raw)) continue;
      const growth = Math.max(0, raw - at(this.#raw, i));
      const taken = Math.min(at(this.#pending, i), growth);
      this.#pending[i] = at(this.#pending, i) - taken;
      this.#taken[i] = at(this.#taken, i) + taken;
      this.#raw[i] = raw;
      this.#shown[i] = Math.max(at(this.#shown, i), raw - at(this.#taken, i));
      values[i] = at(this.#shown, i);
      this.#age(i);
    }
  }

  /** A child may vanish just after its parent was read: the growth then shows at the next reading, and no later. */
  #age(i: number): void {
    this.#ages[i] = Math.min(2, at(this.#ages, i) + 1);
    if (this.#ages[i] === 2) this.#pending[i] = 0;
  }
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}
