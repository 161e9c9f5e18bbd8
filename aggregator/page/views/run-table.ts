import type { RunView } from '../../../protocol/query.ts';
import type { RunOrder, RunSortKey } from '../../../protocol/run-choices.ts';
import { isSavedFile } from '../api.ts';
import { element, keepChildren } from '../element.ts';
import { rowsInSight, type Sight, scrollToRow } from './row-window.ts';
import { type RunColumn, runColumns } from './run-columns.ts';
import { RunRow } from './run-row.ts';
import { type Trends, workloadKey } from './run-trend.ts';

/** Until one was drawn and measured. All rows are of one height. */
const LIKELY_ROW_PX = 46;
/** More runs are asked for when so few are left below what can be seen. */
const AHEAD_ROWS = 60;

export interface TableSubject {
  readonly runs: readonly RunView[];
  /** Whether these are all that there are. */
  readonly isWhole: boolean;
  readonly sort: RunSortKey;
  readonly order: RunOrder;
  readonly trends: Trends;
  readonly isChosen: (id: string) => boolean;
}

export interface TableReader {
  readonly sort: (key: RunSortKey) => void;
  readonly choose: (runs: readonly RunView[], isChosen: boolean) => void;
  /** A run is about to be opened. */
  readonly opening: (run: RunView) => void;
  /** The end of what was read is near. */
  readonly nearEnd: () => void;
  /** How much of the bottom is covered by what stands over the list, px. */
  readonly coveredPx: () => number;
}

/** The runs, of which those in sight are elements; the page scrolls through the rest. */
export class RunTable {
  readonly root: HTMLElement;
  readonly #reader: TableReader;
  readonly #table: HTMLTableElement;
  readonly #head: HTMLTableSectionElement;
  readonly #body = element('tbody');
  readonly #above = spacer();
  readonly #below = spacer();
  readonly #rows = new Map<string, RunRow>();
  #subject: TableSubject | undefined;
  #rowPx = LIKELY_ROW_PX;
  /** Id of the run that the keys are at. */
  #active: string | undefined;
  /** Id of the run that was chosen or let go of last. */
  #toggled: string | undefined;

  constructor(reader: TableReader, signal: AbortSignal) {
    this.#reader = reader;
    const heads = runColumns.map((column) => heading(column, reader.sort));
    this.#head = element(
      'thead',
      {},
      element('tr', { 'aria-rowindex': '1' }, element('td', { class: 'choice' }), ...heads),
    );
    this.#table = element('table', { class: 'runs' }, this.#head, this.#body);
    this.root = element(
      'div',
      { class: 'scroller', role: 'region', 'aria-label': 'Runs', tabindex: '0' },
      this.#table,
    );
    this.#body.addEventListener('click', ({ target, shiftKey }) => this.#clicked(target, shiftKey));
    this.#body.addEventListener('focusin', ({ target }) => {
      this.#active = rowIdOf(target) ?? this.#active;
    });
    addEventListener('scroll', () => this.#draw(), { passive: true, signal });
    addEventListener('resize', () => this.#draw(), { passive: true, signal });
  }

  show(subject: TableSubject): void {
    this.#subject = subject;
    const { runs, isWhole, sort, order } = subject;
    this.root.hidden = runs.length === 0;
    this.#table.setAttribute('aria-rowcount', isWhole ? String(runs.length + 1) : '-1');
    runColumns.forEach((column, i) => {
      if (column.sort === undefined || isSavedFile) return;
      const direction = order === 'asc' ? 'ascending' : 'descending';
      const head = this.#head.rows[0]?.cells[i + 1];
      head?.setAttribute('aria-sort', column.sort === sort ? direction : 'none');
    });
    this.#draw();
  }

  /** While other runs are being read, these are not what was asked for. */
  set isBusy(isBusy: boolean) {
    this.root.setAttribute('aria-busy', String(isBusy));
  }

  /** The running ones among those that are drawn. */
  get runningInSight(): RunView[] {
    return [...this.#rows.values()].map(({ run }) => run).filter(({ state }) => state === 'running');
  }

  /** The run whose row has the focus. */
  get focused(): RunView | undefined {
    return this.#rows.get(rowIdOf(document.activeElement) ?? '')?.run;
  }

  /** Puts the focus on the next row, or the one before; on the first where it was on none. */
  step(by: 1 | -1): void {
    const runs = this.#subject?.runs ?? [];
    const at = runs.findIndex(({ id }) => id === this.#active);
    this.#focus(at < 0 ? 0 : Math.min(runs.length - 1, Math.max(0, at + by)));
  }

  focusFirst(): void {
    this.#focus(0);
  }

  /** Puts the focus on this run's row, where it was read. */
  focusRun(id: string): void {
    this.#focus((this.#subject?.runs ?? []).findIndex((run) => run.id === id));
  }

  /** Scrolls back to the headings where they are out of sight. */
  showTop(): void {
    if (this.root.getBoundingClientRect().top < 0) this.root.scrollIntoView();
  }

  #focus(place: number): void {
    const run = this.#subject?.runs[place];
    if (run === undefined) return;
    const covered = { topPx: this.#head.offsetHeight, bottomPx: this.#reader.coveredPx() };
    scrollBy({ top: scrollToRow(place, this.#sight(), covered), behavior: 'instant' });
    this.#draw();
    this.#active = run.id;
    this.#rows.get(run.id)?.focus();
  }

  /** With Shift, a choice is one of all runs from the one before. */
  #clicked(target: EventTarget | null, isRange: boolean): void {
    const run = this.#rows.get(rowIdOf(target) ?? '')?.run;
    if (run === undefined) return;
    if (target instanceof HTMLAnchorElement) this.#reader.opening(run);
    if (!(target instanceof HTMLInputElement)) return;
    const runs = this.#subject?.runs ?? [];
    const [from, to] = [this.#toggled, run.id].map((id) => runs.findIndex((one) => one.id === id));
    const isSpan = isRange && from !== undefined && to !== undefined && from >= 0;
    const chosen = isSpan ? runs.slice(Math.min(from, to), Math.max(from, to) + 1) : [run];
    this.#toggled = run.id;
    this.#reader.choose(chosen, target.checked);
  }

  #sight(): Sight {
    return {
      topPx: this.#body.getBoundingClientRect().top,
      heightPx: innerHeight,
      rowPx: this.#rowPx,
    };
  }

  /** `isMeasured`: once more, with the height of a row that was drawn just now. */
  #draw(isMeasured = false): void {
    if (this.#subject === undefined || this.root.hidden) return;
    const { runs, isWhole } = this.#subject;
    const { first, end } = rowsInSight(this.#sight(), runs.length);
    const rows = runs.slice(first, end).map((run, i) => this.#row(run, first + i));
    setHeight(this.#above, first * this.#rowPx);
    setHeight(this.#below, (runs.length - end) * this.#rowPx);
    keepChildren(this.#body, [
      ...(first > 0 ? [this.#above] : []),
      ...rows.map(({ root }) => root),
      ...(end < runs.length ? [this.#below] : []),
    ]);
    this.#forget(new Set(rows));
    if (!isWhole && end > runs.length - AHEAD_ROWS) this.#reader.nearEnd();
    const [measured] = rows;
    const rowPx = measured?.root.getBoundingClientRect().height ?? 0;
    if (isMeasured || rowPx === 0 || Math.abs(rowPx - this.#rowPx) < 0.1) return;
    this.#rowPx = rowPx;
    this.#draw(true);
  }

  #row(run: RunView, place: number): RunRow {
    const { trends, sort, isChosen } = this.#subject as TableSubject;
    const row = this.#rows.get(run.id) ?? new RunRow(run);
    this.#rows.set(run.id, row);
    row.update(run, {
      place,
      isChosen: isChosen(run.id),
      recent: trends.get(workloadKey(run.workload)),
      figure: sort === 'startedAt' ? 'wallSeconds' : sort,
    });
    return row;
  }

  /** Drops the rows that are out of sight. */
  #forget(drawn: ReadonlySet<RunRow>): void {
    for (const [id, row] of this.#rows) if (!drawn.has(row)) this.#rows.delete(id);
  }
}

function heading({ label, look, sort }: RunColumn, choose: (key: RunSortKey) => void): HTMLElement {
  const head = element('th', { scope: 'col', class: look }, sort && !isSavedFile ? undefined : label);
  if (sort === undefined || isSavedFile) return head;
  const button = element('button', { type: 'button' }, label);
  button.addEventListener('click', () => choose(sort));
  head.append(button);
  return head;
}

/** A row as high as those that are not drawn. */
function spacer(): HTMLTableRowElement {
  const cells = String(runColumns.length + 1);
  return element('tr', { class: 'spacer', 'aria-hidden': 'true' }, element('td', { colspan: cells }));
}

function setHeight(row: HTMLTableRowElement, px: number): void {
  row.style.height = `${px}px`;
}

function rowIdOf(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest('tr')?.dataset.id : undefined;
}
