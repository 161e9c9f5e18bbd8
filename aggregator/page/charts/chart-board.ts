import type { RunView } from '../../../protocol/query.ts';
import { readSeries } from '../api.ts';
import { element } from '../element.ts';
import { clock, elapsed } from '../format.ts';
import type { Zoom } from '../router.ts';
import { ChartPanel } from './chart-panel.ts';
import { type ChartSubject, chartModel, type RunChart, runCharts } from './run-charts.ts';
import { SharedCursor } from './shared-cursor.ts';

const FEWEST_POINTS = 120;
const MOST_POINTS = 600;

export interface BoardSubject extends ChartSubject {
  readonly run: RunView;
  /** The end of what is known, ms since the start of the run. */
  readonly extentMs: number;
}

/** All charts of a run with one cursor and one stretch of time. */
export class ChartBoard {
  readonly root: HTMLElement;
  readonly #signal: AbortSignal;
  readonly #cursor = new SharedCursor();
  readonly #panels: ReadonlyMap<RunChart, ChartPanel>;
  readonly #moment = element('output', { class: 'muted' });
  readonly #whole = element('button', { type: 'button' }, 'Show the whole run');
  #startedAt = 0;

  constructor(zoom: (zoom: Zoom | undefined) => void, signal: AbortSignal) {
    this.#signal = signal;
    const group = { cursor: this.#cursor, zoom, signal };
    this.#panels = new Map(runCharts.map((chart) => [chart, new ChartPanel(chart.style, group)]));
    this.#whole.addEventListener('click', () => zoom(undefined));
    this.#cursor.follow((seconds) => this.#tellMoment(seconds));
    this.root = element(
      'section',
      {},
      element('div', { class: 'bar' }, element('h2', {}, 'Over time'), this.#moment, this.#whole),
      element('div', { class: 'board' }, ...[...this.#panels.values()].map((panel) => panel.root)),
    );
    this.#tellMoment(undefined);
  }

  /** Reads the series of every chart and draws them; rejects where the server refuses one. */
  async show(subject: BoardSubject, zoom: Zoom | undefined): Promise<void> {
    this.#startedAt = Date.parse(subject.run.startedAt);
    this.#whole.hidden = zoom === undefined;
    const stretch = zoom ?? { fromMs: 0, toMs: subject.extentMs };
    await Promise.all([...this.#panels].map(([chart, panel]) => this.#fill(chart, panel, subject, stretch)));
  }

  async #fill(chart: RunChart, panel: ChartPanel, subject: BoardSubject, stretch: Zoom): Promise<void> {
    const points = Math.round(this.root.clientWidth / 2);
    const where = {
      from: stretch.fromMs,
      to: stretch.toMs,
      points: Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, points)),
    };
    const questions = chart.ask(subject.processes);
    const answers = await Promise.all(
      questions.map((question) => readSeries(subject.run.id, { ...question, ...where }, this.#signal)),
    );
    const range = [stretch.fromMs / 1000, stretch.toMs / 1000] as const;
    panel.show(chartModel(chart, answers, subject), range);
  }

  #tellMoment(seconds: number | undefined): void {
    this.#moment.textContent =
      seconds === undefined
        ? 'Legends show means (⌀). Point at a chart for the values of a moment, drag to look closer.'
        : `at ${elapsed(Number(seconds.toPrecision(4)))}, ${clock(new Date(this.#startedAt + seconds * 1000))}`;
  }
}
