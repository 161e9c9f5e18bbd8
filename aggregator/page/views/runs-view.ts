import type { RunView } from '../../../protocol/query.ts';
import type { RunOrder, RunSortKey } from '../../../protocol/run-choices.ts';
import { isSavedFile } from '../api.ts';
import { element } from '../element.ts';
import { bindShortcuts } from '../keyboard/shortcuts.ts';
import { pause } from '../pacing.ts';
import { addressOf } from '../router.ts';
import { guarded, loading } from './notice.ts';
import { RunFilter } from './run-filter.ts';
import type { RunPages } from './run-pages.ts';
import { RunReader } from './run-reader.ts';
import { listable, RunSelection } from './run-selection.ts';
import { RunTable } from './run-table.ts';
import { type Trends, trendsOf } from './run-trend.ts';
import type { RunFilters, RunsRoute } from './runs-address.ts';
import { runsShortcuts } from './runs-keys.ts';
import { countWords, noRuns } from './runs-words.ts';
import { SelectionBar } from './selection-bar.ts';
import { SortChoice } from './sort-choice.ts';

const REFRESH_WHILE_RUNNING_MS = 2000;
const REFRESH_AT_REST_MS = 10_000;
/** In the browser's history, beside the address: the run that was opened from the list. */
const OPENED = 'opened';

/** The runs, newest first unless the address says otherwise; refreshed for as long as they are shown. */
export async function showRuns(outlet: HTMLElement, route: RunsRoute, signal: AbortSignal): Promise<void> {
  document.title = 'Runs · Podometer';
  const list = new RunList(route, signal);
  outlet.replaceChildren(list.root);
  await list.start();
  while (!signal.aborted) {
    await pause(list.isRunning ? REFRESH_WHILE_RUNNING_MS : REFRESH_AT_REST_MS, signal);
    if (!document.hidden) await list.refresh();
  }
}

class RunList {
  readonly root: HTMLElement;
  readonly #signal: AbortSignal;
  readonly #reader: RunReader;
  readonly #filter: RunFilter;
  readonly #order: SortChoice;
  readonly #table: RunTable;
  readonly #selection = new RunSelection();
  readonly #bar: SelectionBar;
  readonly #count = element('span', { class: 'muted', role: 'status' });
  readonly #notice = element('div', {}, loading('the runs'));
  #route: RunsRoute;
  #trends: Trends = new Map();

  constructor(route: RunsRoute, signal: AbortSignal) {
    this.#route = route;
    this.#signal = signal;
    this.#reader = new RunReader(route, signal);
    this.#filter = new RunFilter(route, {
      changed: (filters) => this.#narrow(filters),
      done: () => this.#table.focusFirst(),
    });
    this.#order = new SortChoice((sort, order) => this.#sort(sort, order));
    this.#filter.root.append(this.#order.root);
    this.#table = new RunTable(
      {
        sort: (key) => this.#sort(key, this.#otherOrder(key)),
        choose: (runs, isChosen) => this.#choose(runs, isChosen),
        opening: ({ id }) => history.replaceState({ [OPENED]: id }, ''),
        nearEnd: () => void this.#readMore(),
        coveredPx: () => this.#bar.root.offsetHeight,
      },
      signal,
    );
    const compare = () => this.#openComparison();
    this.#bar = new SelectionBar(this.#selection, { compare, changed: () => this.#selected() });
    this.root = element(
      'div',
      { class: 'view runs-view' },
      element('div', { class: 'bar' }, element('h1', {}, 'Runs'), this.#count),
      isSavedFile ? undefined : this.#filter.root,
      this.#notice,
      this.#table.root,
      this.#bar.root,
    );
    this.#table.root.hidden = true;
    this.#bar.root.hidden = true;
    bindShortcuts(this.#keys(compare), signal);
  }

  get isRunning(): boolean {
    return this.#reader.pages.runs.some((run) => run.state === 'running');
  }

  async start(): Promise<void> {
    const { chosen = [], baseline = [] } = this.#route;
    await this.#readAnew(this.#reader.pages);
    await this.#goBackTo(history.state?.[OPENED]);
    if (chosen.length === 0) return;
    for (const run of await this.#reader.readRuns(chosen)) {
      this.#selection.choose(run, true);
      if ([run.id, run.ref].some((name) => baseline.includes(name))) this.#selection.declareBaseline(run.id);
    }
    this.#selected();
  }

  /** Back at the run that was opened from here, where it is not far down. */
  async #goBackTo(id: unknown): Promise<void> {
    if (typeof id !== 'string') return;
    const isRead = () => this.#reader.pages.runs.some((run) => run.id === id);
    if (!isRead()) await this.#readMore();
    if (isRead()) this.#table.focusRun(id);
  }

  async refresh(): Promise<void> {
    const { pages } = this.#reader;
    await this.#guard(pages, async () => {
      await this.#reader.refresh(this.#table.runningInSight);
      await this.#readWorkloads();
    });
  }

  async #readAnew(pages: RunPages): Promise<void> {
    this.#table.isBusy = true;
    await this.#guard(pages, () => pages.readFirst());
    await this.#guard(pages, () => this.#readWorkloads());
  }

  #readMore(): Promise<void> {
    const { pages } = this.#reader;
    return this.#guard(pages, () => pages.readMore());
  }

  async #readWorkloads(): Promise<void> {
    await this.#reader.readWorkloads();
    const { workloads } = this.#reader;
    this.#trends = trendsOf(workloads);
    this.#filter.offerWorkloads(workloads);
  }

  /** Draws what a task has read, or says why it could not; neither where other runs were asked for meanwhile. */
  async #guard(pages: RunPages, task: () => Promise<void>): Promise<void> {
    const place = element('div');
    const isRead = await guarded(place, this.#signal, task, () => void this.refresh());
    if (this.#signal.aborted || pages !== this.#reader.pages) return;
    this.#table.isBusy = false;
    this.#notice.replaceChildren(...place.childNodes);
    if (isRead) this.#draw();
  }

  #draw(): void {
    const { pages, workloads } = this.#reader;
    const { runs, isWhole, sort, order } = pages;
    const isChosen = (id: string) => this.#selection.has(id);
    this.#table.show({ runs, isWhole, sort, order, trends: this.#trends, isChosen });
    this.#order.show(sort, order);
    this.#filter.offerOf(pages.first);
    this.#bar.show({ runs, isWhole });
    const isEmpty = runs.length === 0;
    this.#count.textContent = isEmpty
      ? ''
      : countWords(this.#route, { count: runs.length, isWhole }, workloads);
    if (isEmpty) this.#notice.replaceChildren(noRuns(this.#route));
  }

  /** Puts the change into the address. */
  #look(change: Partial<RunsRoute>): void {
    this.#route = { ...this.#route, ...change };
    history.replaceState(null, '', addressOf(this.#route));
  }

  #narrow(filters: RunFilters): void {
    const before = addressOf(this.#route);
    this.#look({ last: undefined, since: undefined, until: undefined, ...filters });
    if (addressOf(this.#route) !== before) this.#ask();
  }

  #otherOrder(key: RunSortKey): RunOrder {
    const { sort, order } = this.#reader.pages;
    return key === sort && order === 'desc' ? 'asc' : 'desc';
  }

  #sort(key: RunSortKey, order: RunOrder): void {
    this.#look({
      sort: key === 'startedAt' ? undefined : key,
      order: order === 'desc' ? undefined : order,
    });
    this.#ask();
  }

  /** What was read before stays until the answer is there. */
  #ask(): void {
    this.#table.showTop();
    void this.#readAnew(this.#reader.ask(this.#route));
  }

  #choose(runs: readonly RunView[], isChosen: boolean): void {
    for (const run of runs) this.#selection.choose(run, isChosen);
    this.#selected();
  }

  #selected(): void {
    this.#look({ chosen: undefined, baseline: undefined, ...this.#selection.names });
    this.#draw();
  }

  #openComparison(): void {
    const { hindrance, sides } = this.#selection;
    if (hindrance !== undefined) return;
    const [baseline, other] = [sides.baseline, sides.other].map((side) => side.map(listable).join());
    location.hash = addressOf({ view: 'compare', baseline: baseline ?? '', other: other ?? '' });
  }

  #keys(compare: () => void) {
    const focused = () => this.#table.focused;
    return runsShortcuts({
      find: () => this.#filter.focus(),
      step: (by) => this.#table.step(by),
      isAtRow: () => focused() !== undefined,
      choose: () => {
        const run = focused();
        if (run) this.#choose([run], !this.#selection.has(run.id));
      },
      compare,
    });
  }
}
