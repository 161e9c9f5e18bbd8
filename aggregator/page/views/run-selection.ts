/** Which runs were chosen to be compared, whatever the list shows of them. */
import type { RunView } from '../../../protocol/query.ts';

export type ChosenRun = Pick<RunView, 'id' | 'ref' | 'startedAt'>;

/** More than the API takes a side. */
const MOST_A_SIDE = 100;

export interface Sides {
  /** Oldest first, as in `other`. */
  readonly baseline: readonly ChosenRun[];
  readonly other: readonly ChosenRun[];
}

export class RunSelection {
  readonly #runs = new Map<string, ChosenRun>();
  readonly #baseline = new Set<string>();

  get size(): number {
    return this.#runs.size;
  }

  has(id: string): boolean {
    return this.#runs.has(id);
  }

  choose({ id, ref, startedAt }: ChosenRun, isChosen: boolean): void {
    if (isChosen) this.#runs.set(id, { id, ref, startedAt });
    else {
      this.#runs.delete(id);
      this.#baseline.delete(id);
    }
  }

  clear(): void {
    this.#runs.clear();
    this.#baseline.clear();
  }

  /** Takes a chosen run for the baseline, as an address says. */
  declareBaseline(id: string): void {
    this.#baseline.add(id);
  }

  /** Puts a chosen run on one side; once none is put on the baseline's, the oldest is there. */
  putAside(id: string, isBaseline: boolean): void {
    const now = this.sides.baseline.map((run) => run.id);
    this.#baseline.clear();
    for (const one of now) this.#baseline.add(one);
    if (isBaseline) this.#baseline.add(id);
    else this.#baseline.delete(id);
  }

  get sides(): Sides {
    const runs = [...this.#runs.values()].toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
    const isBaseline = ({ id }: ChosenRun) =>
      this.#baseline.size === 0 ? id === runs[0]?.id : this.#baseline.has(id);
    return { baseline: runs.filter(isBaseline), other: runs.filter((run) => !isBaseline(run)) };
  }

  /** For the address; the sides are told where they are not what they are by default. */
  get names(): { readonly chosen?: readonly string[]; readonly baseline?: readonly string[] } {
    if (this.#runs.size === 0) return {};
    const { baseline, other } = this.sides;
    return {
      chosen: [...baseline, ...other].map(listable),
      ...(this.#baseline.size > 0 && { baseline: baseline.map(listable) }),
    };
  }

  /** Why these cannot be compared; undefined where they can. */
  get hindrance(): string | undefined {
    const { baseline, other } = this.sides;
    if (this.#runs.size < 2) return 'Choose another run to compare with it.';
    if (other.length === 0) return 'All are the baseline: take one out of it to compare it.';
    if (Math.max(baseline.length, other.length) > MOST_A_SIDE)
      return `A side has at most ${MOST_A_SIDE} runs.`;
    return undefined;
  }
}

/** A run's name for a list that commas separate. */
export function listable({ id, ref }: ChosenRun): string {
  return ref.includes(',') ? id : ref;
}
