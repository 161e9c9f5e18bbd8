import type { RunView } from '../../../protocol/query.ts';
import { type RunFigure, runFigures } from '../../../protocol/run-choices.ts';
import type { RecentRun } from '../../../protocol/run-list.ts';
import { element } from '../element.ts';
import { moment, shown } from '../format.ts';
import { addressOf } from '../router.ts';
import { figureColumns } from './run-columns.ts';
import { sortValue } from './run-pages.ts';
import { stateBadge } from './run-state.ts';
import { trend } from './run-trend.ts';

/** What a row shows besides the run. */
export interface RowLook {
  /** From 0. */
  readonly place: number;
  readonly isChosen: boolean;
  readonly recent: readonly RecentRun[] | undefined;
  /** What the sparkline is of. */
  readonly figure: RunFigure;
}

/** One run in the list. Its cells stay the same elements when it is updated, so they keep the focus. */
export class RunRow {
  readonly root: HTMLTableRowElement;
  readonly #choice = element('input', { type: 'checkbox' });
  readonly #link: HTMLAnchorElement;
  readonly #state = element('td', { class: 'outcome' });
  readonly #trend = element('td', { class: 'trend' });
  readonly #figures = runFigures.map((name) =>
    element('td', { class: figureColumns[name].look, 'data-label': figureColumns[name].label }),
  );
  readonly #tags = element('td', { class: 'tagged' });
  #run: RunView;
  #drawn = '';
  #trendDrawn = '';

  constructor(run: RunView) {
    this.#run = run;
    this.#choice.setAttribute('aria-label', `Choose ${run.ref}`);
    this.#link = element('a', { href: addressOf({ view: 'run', ref: run.ref }) }, run.ref);
    const { kind, namespace } = run.workload;
    const place = [kind === 'Local' ? undefined : kind, namespace].filter(Boolean).join(' · ');
    const command = run.command?.join(' ');
    this.root = element(
      'tr',
      { 'data-id': run.id },
      element('td', { class: 'choice' }, this.#choice),
      element(
        'th',
        { scope: 'row' },
        this.#link,
        element('span', { class: 'under', title: command }, command ?? place),
      ),
      this.#state,
      element(
        'td',
        { class: 'started' },
        element('time', { datetime: run.startedAt }, moment(run.startedAt)),
      ),
      this.#trend,
      ...this.#figures,
      this.#tags,
    );
  }

  get run(): RunView {
    return this.#run;
  }

  focus(): void {
    this.#link.focus({ preventScroll: true });
  }

  update(run: RunView, { place, isChosen, recent, figure }: RowLook): void {
    const isSame = run === this.#run && this.#drawn !== '';
    this.#run = run;
    this.#choice.checked = isChosen;
    this.root.classList.toggle('chosen', isChosen);
    // The first row is that of the headings.
    this.root.setAttribute('aria-rowindex', String(place + 2));
    this.#drawTrend(run, recent, figure);
    if (!isSame) this.#drawRun(run);
  }

  #drawRun(run: RunView): void {
    const drawn = JSON.stringify([run.state, run.outcome, run.measures, run.tags]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#state.replaceChildren(stateBadge(run));
    runFigures.forEach((name, i) => {
      const cell = this.#figures[i];
      if (cell) cell.textContent = shown(sortValue(run, name), figureColumns[name].format);
    });
    const tags = tagList(run.tags);
    tags.title = Object.entries(run.tags)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n');
    this.#tags.replaceChildren(tags);
  }

  #drawTrend(run: RunView, recent: readonly RecentRun[] | undefined, figure: RunFigure): void {
    const drawn = JSON.stringify([recent?.length, recent?.at(-1), sortValue(run, figure), figure]);
    if (drawn === this.#trendDrawn) return;
    this.#trendDrawn = drawn;
    const spark = trend(run, recent, figure);
    this.#trend.replaceChildren(...(spark ? [spark] : []));
    this.#trend.title = spark?.getAttribute('aria-label') ?? '';
  }
}

export function tagList(tags: RunView['tags']): HTMLElement {
  const items = Object.entries(tags).map(([name, value]) =>
    element('span', { class: 'tag' }, `${name}=${value}`),
  );
  return element('span', { class: 'tags' }, ...items);
}
