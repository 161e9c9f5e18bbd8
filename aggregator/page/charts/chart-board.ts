import type { RunView, SeriesQuery } from '../../../protocol/query.ts';
import { element } from '../element.ts';
import { clock, elapsed } from '../format.ts';
import type { Zoom } from '../router.ts';
import type { ChartMark } from './chart-model.ts';
import { ChartPanel } from './chart-panel.ts';
import { draftPoints, wholePoints } from './chart-points.ts';
import { ChartReader } from './chart-reader.ts';
import { allTogether, type ChartView } from './chart-view.ts';
import { OutputBoard } from './output-board.ts';
import { chartModel, questionsOf, type RunChart, runCharts } from './run-charts.ts';
import type { ChartGroup } from './time-chart.ts';

export interface BoardSubject {
  readonly run: RunView;
  readonly view: ChartView;
  readonly marks: readonly ChartMark[];
  /** What is shown. */
  readonly stretch: Zoom;
  /** Whether the run is so large that a first look with fewer points is drawn sooner. */
  readonly isLarge: boolean;
}

interface Wish {
  readonly chart: RunChart;
  readonly panel: ChartPanel;
  readonly points: number;
}

/** All charts of a run with one cursor and one stretch of time. */
export class ChartBoard {
  readonly root: HTMLElement;
  readonly #group: ChartGroup;
  readonly #panels: ReadonlyMap<RunChart, ChartPanel>;
  readonly #moment = element('output', { class: 'muted' });
  readonly #whole = element('button', { type: 'button' }, 'Show the whole run');
  readonly #charts: HTMLElement;
  readonly #reader = new ChartReader();
  readonly #outputs: OutputBoard;
  #startedAt = 0;
  #reading = new AbortController();

  /** `controls`: what stands beside the heading; `again`: shows the same once more, as more of it is wanted. */
  constructor(run: RunView, group: ChartGroup, controls: readonly HTMLElement[], again: () => void) {
    this.#group = group;
    const charts = runCharts.filter(({ metric }) => metric === undefined || run.metrics.includes(metric));
    this.#panels = new Map(charts.map((chart) => [chart, new ChartPanel(chart.style, group)]));
    this.#whole.addEventListener('click', () => group.zoom(undefined));
    group.cursor.follow((seconds) => this.#tellMoment(seconds));
    this.#charts = element('div', { class: 'board' }, ...[...this.#panels.values()].map(({ root }) => root));
    this.#outputs = new OutputBoard(this.#charts, group, again);
    this.root = element(
      'section',
      {},
      element(
        'div',
        { class: 'bar' },
        element('h2', {}, 'Over time'),
        ...controls,
        this.#moment,
        this.#whole,
      ),
      this.#charts,
      this.#outputs.more,
    );
    this.#tellMoment(undefined);
  }

  /** Puts something between the heading and the charts. */
  above(node: HTMLElement): void {
    this.root.children[0]?.after(node);
  }

  /** Shows what is known of this stretch at once; `show` brings what is finer. */
  look(stretch: Zoom, isZoomed: boolean): void {
    const { fromMs, toMs } = stretch;
    this.#whole.hidden = !isZoomed;
    this.#outputs.look(stretch);
    for (const panel of this.#panels.values()) panel.look([fromMs / 1000, toMs / 1000]);
  }

  /**
   * Reads the series of every chart, those in sight first, and draws each as it comes; rejects where the server refuses
   * one. What a call before asked for and is not there yet is given up.
   */
  async show(subject: BoardSubject): Promise<void> {
    this.#startedAt = Date.parse(subject.run.startedAt);
    this.#reading.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const signal = AbortSignal.any([reading.signal, this.#group.signal]);
    this.#charts.setAttribute('aria-busy', 'true');
    try {
      for (const step of this.#steps(subject)) {
        await Promise.all(step.map((wish) => this.#fill(wish, subject, signal)));
      }
      await this.#outputs.show(subject, signal);
      this.#charts.setAttribute('aria-busy', 'false');
    } catch (error) {
      if (!reading.signal.aborted || this.#group.signal.aborted) throw error;
    }
  }

  /**
   * What is asked for together, step by step. Of a large run first all of it, with few points where that is sooner, then
   * whole one chart after the other, so that a look elsewhere need not wait for all of them.
   */
  #steps(subject: BoardSubject): Wish[][] {
    const { stretch, view } = subject;
    const wishes = [...this.#panels]
      .map(([chart, panel]) => ({ chart, panel, points: wholePoints(panel.root.clientWidth) }))
      .toSorted((one, two) => Number(isInSight(two.panel.root)) - Number(isInSight(one.panel.root)));
    const inSight = wishes.filter(({ panel }) => isInSight(panel.root));
    if (!subject.isLarge) return [inSight, wishes.slice(inSight.length)];
    const drafts = wishes
      .filter((wish) => !this.#reader.knows(wish.chart, questionsTo(wish, subject)))
      .flatMap((wish) => {
        const points = draftPoints(stretch, wish.points);
        return points === undefined ? [] : [{ ...wish, points }];
      });
    if (view === allTogether) return [drafts.length > 0 ? drafts : wishes];
    return [drafts, ...wishes.map((wish) => [wish])];
  }

  async #fill(wish: Wish, subject: BoardSubject, signal: AbortSignal): Promise<void> {
    const { chart, panel } = wish;
    const { run, view, marks, stretch } = subject;
    const answers = await this.#reader.read(chart, run, questionsTo(wish, subject), signal);
    const range = [stretch.fromMs / 1000, stretch.toMs / 1000] as const;
    panel.tell(subtitle(chart, view));
    panel.show(chartModel(chart, answers, { view, intervalMs: run.intervalMs }), range, marks);
  }

  #tellMoment(seconds: number | undefined): void {
    this.#moment.textContent =
      seconds === undefined
        ? 'Legends show means (⌀). Point at a chart for the values of a moment, drag to look closer.'
        : `at ${elapsed(Number(seconds.toPrecision(4)))}, ${clock(new Date(this.#startedAt + seconds * 1000))}`;
  }
}

function questionsTo({ chart, points }: Wish, { view, stretch }: BoardSubject): SeriesQuery[] {
  const where = { from: stretch.fromMs, to: stretch.toMs, points };
  return questionsOf(chart, view).map((question) => ({ ...question, ...where }));
}

function isInSight(node: HTMLElement): boolean {
  const { top, bottom } = node.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

function subtitle({ style, weight, metric }: RunChart, { by, chosen }: ChartView): string {
  if (weight === undefined) return style.axis;
  if (chosen !== undefined) return `${style.axis}, ${chosen.label}`;
  return style.stacked && metric === undefined ? `${style.axis}, by ${by}` : style.axis;
}
