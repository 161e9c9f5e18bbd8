import type { RunView } from '../../../protocol/query.ts';
import { readSeries } from '../api.ts';
import { element } from '../element.ts';
import { clock, elapsed } from '../format.ts';
import type { Zoom } from '../router.ts';
import type { ChartMark } from './chart-model.ts';
import { ChartPanel } from './chart-panel.ts';
import type { ChartView } from './chart-view.ts';
import { chartModel, questionsOf, type RunChart, runCharts } from './run-charts.ts';
import type { ChartGroup } from './time-chart.ts';

const FEWEST_POINTS = 120;
const MOST_POINTS = 600;

export interface BoardSubject {
  readonly run: RunView;
  readonly view: ChartView;
  readonly marks: readonly ChartMark[];
  /** What is shown. */
  readonly stretch: Zoom;
}

/** All charts of a run with one cursor and one stretch of time. */
export class ChartBoard {
  readonly root: HTMLElement;
  readonly #group: ChartGroup;
  readonly #panels: ReadonlyMap<RunChart, ChartPanel>;
  readonly #moment = element('output', { class: 'muted' });
  readonly #whole = element('button', { type: 'button' }, 'Show the whole run');
  #startedAt = 0;
  #reading = new AbortController();

  /** `controls`: what stands beside the heading. */
  constructor(run: RunView, group: ChartGroup, controls: readonly HTMLElement[]) {
    this.#group = group;
    const charts = runCharts.filter(({ metric }) => metric === undefined || run.metrics.includes(metric));
    this.#panels = new Map(charts.map((chart) => [chart, new ChartPanel(chart.style, group)]));
    this.#whole.addEventListener('click', () => group.zoom(undefined));
    group.cursor.follow((seconds) => this.#tellMoment(seconds));
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
      element('div', { class: 'board' }, ...[...this.#panels.values()].map((panel) => panel.root)),
    );
    this.#tellMoment(undefined);
  }

  /** Puts something between the heading and the charts. */
  above(node: HTMLElement): void {
    this.root.children[0]?.after(node);
  }

  /** Shows what is known of this stretch at once; `show` brings what is finer. */
  look({ fromMs, toMs }: Zoom, isZoomed: boolean): void {
    this.#whole.hidden = !isZoomed;
    for (const panel of this.#panels.values()) panel.look([fromMs / 1000, toMs / 1000]);
  }

  /**
   * Reads the series of every chart and draws each as it comes; rejects where the server refuses one. What a call
   * before asked for and is not there yet is given up.
   */
  async show(subject: BoardSubject): Promise<void> {
    this.#startedAt = Date.parse(subject.run.startedAt);
    this.#reading.abort();
    this.#reading = new AbortController();
    const signal = AbortSignal.any([this.#reading.signal, this.#group.signal]);
    try {
      await Promise.all([...this.#panels].map(([chart, panel]) => this.#fill(chart, panel, subject, signal)));
    } catch (error) {
      if (!this.#reading.signal.aborted || this.#group.signal.aborted) throw error;
    }
  }

  async #fill(
    chart: RunChart,
    panel: ChartPanel,
    { run, view, marks, stretch }: BoardSubject,
    signal: AbortSignal,
  ): Promise<void> {
    const points = Math.round(panel.root.clientWidth);
    const where = {
      from: stretch.fromMs,
      to: stretch.toMs,
      points: Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, points)),
    };
    const questions = questionsOf(chart, view);
    const answers = await Promise.all(
      questions.map((question) => readSeries(run.id, { ...question, ...where }, signal)),
    );
    signal.throwIfAborted();
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

function subtitle({ style, weight, metric }: RunChart, { by, chosen }: ChartView): string {
  if (weight === undefined) return style.axis;
  if (chosen !== undefined) return `${style.axis}, ${chosen.label}`;
  return style.stacked && metric === undefined ? `${style.axis}, by ${by}` : style.axis;
}
