/** The runs of a list as far as they were read, in the order of the server. */
import type { RunView } from '../../../protocol/query.ts';
import type { RunOrder, RunSortKey } from '../../../protocol/run-choices.ts';
import type { RunsPage } from '../../../protocol/run-list.ts';
import { runOrder } from '../../query/run-order.ts';
import { averageCores, cpuSeconds } from './run-figures.ts';

/** The first page is small, so that it is there at once; the others are large, so that scrolling rarely waits. */
const FIRST_RUNS = 100;
const MORE_RUNS = 1000;

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

export class RunPages {
  readonly sort: RunSortKey;
  readonly order: RunOrder;
  readonly #read: (request: PageRequest) => Promise<RunsPage>;
  #runs: readonly RunView[] = [];
  #first: readonly RunView[] = [];
  #nextCursor: string | undefined;
  #reading: Promise<void> | undefined;

  constructor(sort: RunSortKey, order: RunOrder, read: (request: PageRequest) => Promise<RunsPage>) {
    this.sort = sort;
    this.order = order;
    this.#read = read;
  }

  get runs(): readonly RunView[] {
    return this.#runs;
  }

  /** The first page, as it was read last. */
  get first(): readonly RunView[] {
    return this.#first;
  }

  /** Whether there is nothing more to read. */
  get isWhole(): boolean {
    return this.#nextCursor === undefined;
  }

  /** Reads the first page, also again: what comes after it stays, unless so much is new that a part between is not known. */
  async readFirst(): Promise<void> {
    const { runs, nextCursor } = await this.#read({ limit: FIRST_RUNS });
    const read = new Set(runs.map(({ id }) => id));
    const last = runs.at(-1);
    const isJoined = nextCursor !== undefined && this.#runs.some(({ id }) => read.has(id));
    const after = isJoined && last !== undefined ? this.#after(last) : [];
    if (after.length === 0) this.#nextCursor = nextCursor;
    this.#first = runs;
    this.#runs = [...runs, ...after];
  }

  /** Reads the next page; several wishes at a time are one. */
  readMore(): Promise<void> {
    this.#reading ??= this.#readNext().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Takes over what was read anew of some runs, each in its place. */
  update(changed: readonly RunView[]): void {
    const byId = new Map(changed.map((run) => [run.id, run]));
    this.#runs = this.#runs.map((run) => byId.get(run.id) ?? run);
  }

  async #readNext(): Promise<void> {
    const cursor = this.#nextCursor;
    if (cursor === undefined) return;
    const { runs, nextCursor } = await this.#read({ limit: MORE_RUNS, cursor });
    const read = new Set(runs.map(({ id }) => id));
    this.#nextCursor = nextCursor;
    this.#runs = [...this.#runs.filter(({ id }) => !read.has(id)), ...runs];
  }

  /** The runs that come after this one. */
  #after(last: RunView): RunView[] {
    const compare = runOrder(this.order);
    const place = (run: RunView) => ({ id: run.id, value: sortValue(run, this.sort) ?? null });
    const edge = place(last);
    return this.#runs.filter((run) => compare(place(run), edge) > 0);
  }
}

/** As the server reckons it (aggregator/query/run-figures.ts). */
export function sortValue(run: RunView, sort: RunSortKey): number | undefined {
  switch (sort) {
    case 'startedAt':
      return Date.parse(run.startedAt);
    case 'cpuSeconds':
      return cpuSeconds(run);
    case 'averageCores':
      return averageCores(run);
    default:
      return run.measures[sort];
  }
}
