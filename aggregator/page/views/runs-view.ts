import type { RunView } from '../../../protocol/query.ts';
import type { RunsPage } from '../../../protocol/run-list.ts';
import { listRuns, listWorkloads } from '../api.ts';
import { element } from '../element.ts';
import { pause } from '../pacing.ts';
import { addressOf, type Route } from '../router.ts';
import { empty, guarded, loading } from './notice.ts';
import { RunFilter } from './run-filter.ts';
import { matches, RunRow, runColumns } from './run-row.ts';

const PAGE_SIZE = 100;
const REFRESH_WHILE_RUNNING_MS = 2000;
const REFRESH_AT_REST_MS = 10_000;

/** Every run, newest first; refreshed for as long as it is shown. */
export async function showRuns(
  outlet: HTMLElement,
  route: Extract<Route, { view: 'runs' }>,
  signal: AbortSignal,
): Promise<void> {
  document.title = 'Runs · Podometer';
  const list = new RunList(route, signal);
  outlet.replaceChildren(list.root);
  await list.refresh();
  while (!signal.aborted) {
    await pause(list.isRunning ? REFRESH_WHILE_RUNNING_MS : REFRESH_AT_REST_MS, signal);
    if (!document.hidden) await list.refresh();
  }
}

class RunList {
  readonly root: HTMLElement;
  readonly #signal: AbortSignal;
  readonly #filter: RunFilter;
  readonly #rows = new Map<string, RunRow>();
  #order: readonly RunView[] = [];
  #nextCursor: string | undefined;
  readonly #notice = element('div', {}, loading('the runs'));
  readonly #body = element('tbody');
  readonly #table: HTMLElement;
  readonly #compare = element('button', { type: 'button', class: 'compare' }, 'Compare');
  readonly #more = element('button', { type: 'button' }, 'Show older runs');

  constructor(route: Extract<Route, { view: 'runs' }>, signal: AbortSignal) {
    this.#signal = signal;
    this.#filter = new RunFilter({ workload: route.workload ?? '', text: route.text ?? '' }, (reload) =>
      this.#filtered(reload),
    );
    this.#table = runTable(this.#body);
    this.#compare.addEventListener('click', () => this.#openComparison());
    this.#more.addEventListener('click', () => void this.#showOlder());
    this.#body.addEventListener('change', () => this.#offerComparison());
    this.root = element(
      'div',
      { class: 'view' },
      element('div', { class: 'bar' }, element('h1', {}, 'Runs'), this.#filter.root, this.#compare),
      this.#notice,
      this.#table,
      element('p', {}, this.#more),
    );
    this.#draw();
  }

  get isRunning(): boolean {
    return this.#order.some((run) => run.state === 'running');
  }

  async refresh(): Promise<void> {
    const { workload } = this.#filter.values;
    await this.#guard(async () => {
      const [page, { workloads }] = await Promise.all([this.#page(), listWorkloads(this.#signal)]);
      if (workload !== this.#filter.values.workload) return;
      this.#filter.offer(workloads);
      const last = page.runs.at(-1)?.startedAt ?? '';
      const older = page.nextCursor ? this.#order.filter((run) => run.startedAt < last) : [];
      if (older.length === 0) this.#nextCursor = page.nextCursor;
      this.#order = [...page.runs, ...older];
    });
  }

  /** Draws what a task has read, or says why it could not be read. */
  async #guard(task: () => Promise<void>): Promise<void> {
    if (!(await guarded(this.#notice, this.#signal, task, () => void this.refresh()))) return;
    this.#draw();
    if (this.#order.length === 0) this.#notice.replaceChildren(this.#nothing());
  }

  #page(cursor?: string): Promise<RunsPage> {
    const { workload } = this.#filter.values;
    const query = {
      limit: PAGE_SIZE,
      ...(workload ? { workload } : {}),
      ...(cursor ? { cursor } : {}),
    };
    return listRuns(query, this.#signal);
  }

  #showOlder(): Promise<void> {
    return this.#guard(async () => {
      const page = await this.#page(this.#nextCursor);
      this.#nextCursor = page.nextCursor;
      this.#order = [...this.#order, ...page.runs];
    });
  }

  #filtered(reload: boolean): void {
    history.replaceState(null, '', addressOf({ view: 'runs', ...this.#filter.values }));
    if (reload) {
      this.#order = [];
      void this.refresh();
    } else {
      this.#draw();
    }
  }

  #draw(): void {
    const { text } = this.#filter.values;
    const visible = this.#order.filter((run) => matches(run, text)).map((run) => this.#row(run));
    const changed = visible.length !== this.#body.rows.length;
    if (changed || visible.some((row, index) => row.root !== this.#body.rows[index])) {
      this.#body.replaceChildren(...visible.map((row) => row.root));
    }
    this.#table.hidden = visible.length === 0;
    this.#more.hidden = this.#nextCursor === undefined;
    if (this.#order.length > 0) {
      this.#notice.replaceChildren(visible.length === 0 ? empty(`No run matches “${text}”.`) : '');
    }
    this.#offerComparison();
  }

  #row(run: RunView): RunRow {
    const row = this.#rows.get(run.id) ?? new RunRow(run);
    if (row.run !== run) row.update(run);
    this.#rows.set(run.id, row);
    return row;
  }

  #nothing(): HTMLElement {
    const { workload } = this.#filter.values;
    return workload
      ? empty(`There are no runs of ${workload}.`)
      : empty('Nothing has been measured yet. Measure a command with:', 'podometer run -- COMMAND');
  }

  /** The chosen runs, the earlier one first. */
  #chosen(): RunView[] {
    const rows = [...this.#rows.values()].filter((row) => row.choice.checked && row.root.isConnected);
    return rows.map((row) => row.run).toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  }

  #offerComparison(): void {
    const chosen = this.#chosen();
    this.#compare.disabled = chosen.length !== 2;
    this.#compare.textContent =
      chosen.length === 2
        ? `Compare ${chosen.map((run) => run.ref).join(' with ')}`
        : 'Choose two to compare';
    for (const row of this.#rows.values()) row.choice.disabled = chosen.length === 2 && !row.choice.checked;
  }

  #openComparison(): void {
    const [baseline, other] = this.#chosen();
    if (!baseline || !other) return;
    location.hash = addressOf({ view: 'compare', baseline: listable(baseline), other: listable(other) });
  }
}

/** A run's name for a list that commas separate. */
function listable(run: RunView): string {
  return run.ref.includes(',') ? run.id : run.ref;
}

function runTable(body: HTMLElement): HTMLElement {
  const heads = runColumns.map((column) =>
    element('th', { scope: 'col', class: column.numeric ? 'number' : undefined }, column.label),
  );
  const choice = element('td', { class: 'choice' });
  return element(
    'div',
    { class: 'scroller', role: 'region', 'aria-label': 'Runs', tabindex: '0' },
    element('table', { class: 'runs' }, element('thead', {}, element('tr', {}, choice, ...heads)), body),
  );
}
