/** Reads what the list of runs shows: its pages, the workloads, and again what changes. */
import type { RunView } from '../../../protocol/query.ts';
import type { WorkloadView } from '../../../protocol/run-list.ts';
import { listRuns, listWorkloads, readRun } from '../api.ts';
import { RunPages } from './run-pages.ts';
import { type RunsRoute, runsQuery } from './runs-address.ts';

/** Running runs beyond the first page that are read anew with it. */
const MOST_FOLLOWED = 20;

export class RunReader {
  readonly #signal: AbortSignal;
  #pages: RunPages;
  #workloads: readonly WorkloadView[] = [];
  /** Of the runs that the workloads are known with. */
  #states = new Map<string, RunView['state']>();
  #newest = '';

  constructor(route: RunsRoute, signal: AbortSignal) {
    this.#signal = signal;
    this.#pages = this.#pagesOf(route);
  }

  /** Those of the filters and the order that were asked for last. */
  get pages(): RunPages {
    return this.#pages;
  }

  get workloads(): readonly WorkloadView[] {
    return this.#workloads;
  }

  /** Asks for other runs, or for the same in another order. */
  ask(route: RunsRoute): RunPages {
    this.#pages = this.#pagesOf(route);
    return this.#pages;
  }

  /** Reads the first page anew, and of `running` those that it does not hold. */
  async refresh(running: readonly RunView[]): Promise<void> {
    const pages = this.#pages;
    const first = new Set(pages.first.map(({ id }) => id));
    const others = running.filter(({ id }) => !first.has(id)).slice(0, MOST_FOLLOWED);
    const [changed] = await Promise.all([
      Promise.all(others.map(({ id }) => readRun(id, this.#signal))),
      pages.readFirst(),
    ]);
    pages.update(changed);
  }

  /** For the choice of a workload and the sparklines: read again only once the first page tells of a run that began or ended. */
  async readWorkloads(): Promise<void> {
    const { first } = this.#pages;
    const isKnown = ({ id, state, startedAt }: RunView) =>
      this.#states.has(id) ? this.#states.get(id) === state : startedAt <= this.#newest;
    if (first.every(isKnown)) return;
    const { workloads } = await listWorkloads(this.#signal);
    this.#workloads = workloads;
    const known = [...first, ...workloads.map(({ latest }) => latest)];
    for (const { id, state } of known) this.#states.set(id, state);
    this.#newest =
      known
        .map(({ startedAt }) => startedAt)
        .toSorted()
        .at(-1) ?? '';
  }

  /** The runs of these names; one that is gone is left out. */
  async readRuns(names: readonly string[]): Promise<RunView[]> {
    const known = new Map(
      this.#pages.runs.flatMap((run) => [[run.ref, run] as const, [run.id, run] as const]),
    );
    const read = await Promise.allSettled(
      names.map(async (name) => known.get(name) ?? (await readRun(name, this.#signal))),
    );
    return read.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  }

  #pagesOf(route: RunsRoute): RunPages {
    const { sort = 'startedAt', order = 'desc' } = route;
    return new RunPages(sort, order, (request) =>
      listRuns({ ...runsQuery(route, Date.now()), ...request }, this.#signal),
    );
  }
}
