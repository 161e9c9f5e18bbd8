import type { RunView, SeriesQuery } from '../../../protocol/query.ts';
import { element } from '../element.ts';
import type { Zoom } from '../router.ts';
import type { ChartMark } from './chart-model.ts';
import { ChartPanel } from './chart-panel.ts';
import { wholePoints } from './chart-points.ts';
import { ChartReader } from './chart-reader.ts';
import {
  mayHaveOutputs,
  type OutputChart,
  outputCharts,
  outputModel,
  outputPoints,
  outputQuestion,
  outputStyle,
} from './output-lines.ts';
import type { ChartGroup } from './time-chart.ts';

const FIRST_SHOWN = 4;
const MORE_SHOWN = 8;

export interface OutputSubject {
  readonly run: RunView;
  readonly marks: readonly ChartMark[];
  readonly stretch: Zoom;
}

/** The charts of the application's own figures: a handful, the rest on demand. Nothing is asked of a run that has none. */
export class OutputBoard {
  /** A button for those that are not shown. */
  readonly more = element('button', { type: 'button', class: 'more', hidden: '' });
  readonly #charts: HTMLElement;
  readonly #group: ChartGroup;
  readonly #reader = new ChartReader();
  readonly #panels = new Map<string, ChartPanel>();
  #shown = FIRST_SHOWN;

  /** `charts`: where the panels go, after those that are there. */
  constructor(charts: HTMLElement, group: ChartGroup, again: () => void) {
    this.#charts = charts;
    this.#group = group;
    this.more.addEventListener('click', () => {
      this.#shown += MORE_SHOWN;
      again();
    });
  }

  look({ fromMs, toMs }: Zoom): void {
    for (const panel of this.#panels.values()) panel.look([fromMs / 1000, toMs / 1000]);
  }

  /** Rejects where the server refuses the series. */
  async show({ run, marks, stretch }: OutputSubject, signal: AbortSignal): Promise<void> {
    if (!mayHaveOutputs(run)) return;
    const names = await this.#read(run, { ...outputQuestion, points: 1 }, 'names', signal);
    const charts = outputCharts(names, run);
    const shown = charts.slice(0, this.#shown);
    this.#tellMore(charts.length - shown.length);
    if (shown.length === 0) return;
    const panels = shown.map((chart) => [chart, this.#panelOf(chart)] as const);
    const points = outputPoints(wholePoints(panels[0]?.[1].root.clientWidth ?? 0), names.lines.length);
    const question = { ...outputQuestion, from: stretch.fromMs, to: stretch.toMs, points };
    const answer = await this.#read(run, question, 'values', signal);
    const range = [stretch.fromMs / 1000, stretch.toMs / 1000] as const;
    for (const [chart, panel] of panels) panel.show(outputModel(chart, answer, run.intervalMs), range, marks);
  }

  async #read(run: RunView, question: SeriesQuery, of: 'names' | 'values', signal: AbortSignal) {
    const [answer] = await this.#reader.read(of, run, [question], signal);
    return answer ?? { fromMs: 0, toMs: 0, times: [], lines: [], gaps: [] };
  }

  #panelOf(chart: OutputChart): ChartPanel {
    const place = `${chart.name}\n${chart.keys[0]}`;
    const known = this.#panels.get(place);
    if (known !== undefined) return known;
    const panel = new ChartPanel(outputStyle(chart), this.#group);
    this.#panels.set(place, panel);
    this.#charts.append(panel.root);
    return panel;
  }

  #tellMore(left: number): void {
    this.more.hidden = left === 0;
    this.more.textContent = `Show more charts (${left} left)`;
  }
}
