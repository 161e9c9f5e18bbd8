import { readSeries } from '../api.ts';
import { ChartPanel } from '../charts/chart-panel.ts';
import { SharedCursor } from '../charts/shared-cursor.ts';
import { element } from '../element.ts';
import { elapsed } from '../format.ts';
import type { Zoom } from '../router.ts';
import { type Alignment, type SideName, spanOf } from './compare-alignment.ts';
import {
  type ComparedRun,
  type OverlayChart,
  overlayCharts,
  overlayModel,
  questionsOf,
  type SideLine,
  totalOf,
} from './compare-overlay.ts';
import { PhaseRibbon } from './compare-ribbon.ts';

const FEWEST_POINTS = 120;
const MOST_POINTS = 600;

export interface OverlaySubject {
  readonly a: ComparedRun;
  readonly b: ComparedRun;
  readonly alignment: Alignment;
}

/** The charts of two runs over each other, on one axis and with one cursor. */
export class OverlayBoard {
  readonly root: HTMLElement;
  readonly #signal: AbortSignal;
  readonly #panels: ReadonlyMap<OverlayChart, ChartPanel>;
  readonly #ribbon = new PhaseRibbon();
  #reading = new AbortController();
  readonly #moment = element('output', { class: 'muted' });
  readonly #whole = element('button', { type: 'button' }, 'Show the whole');

  constructor(zoom: (zoom: Zoom | undefined) => void, controls: HTMLElement, signal: AbortSignal) {
    this.#signal = signal;
    const cursor = new SharedCursor();
    const group = { cursor, zoom, signal };
    this.#panels = new Map(overlayCharts.map((chart) => [chart, new ChartPanel(chart.style, group)]));
    this.#whole.addEventListener('click', () => zoom(undefined));
    cursor.follow((seconds) => this.#tellMoment(seconds));
    this.#tellMoment(undefined);
    this.root = element(
      'section',
      { class: 'overlay' },
      element('div', { class: 'bar' }, element('h2', {}, 'Over time'), controls, this.#moment, this.#whole),
      this.#ribbon.root,
      this.#ribbon.key,
      element('div', { class: 'board' }, ...[...this.#panels.values()].map((panel) => panel.root)),
    );
  }

  /**
   * Reads the series of both runs and draws them; rejects where the server refuses one. What a call before asked for and is
   * not there yet is given up.
   */
  async show(subject: OverlaySubject, zoom: Zoom | undefined): Promise<void> {
    this.#reading.abort();
    const reading = new AbortController();
    this.#reading = reading;
    try {
      await this.#read(subject, zoom, AbortSignal.any([reading.signal, this.#signal]));
    } catch (error) {
      if (!reading.signal.aborted || this.#signal.aborted) throw error;
    }
  }

  async #read(subject: OverlaySubject, zoom: Zoom | undefined, signal: AbortSignal): Promise<void> {
    const { alignment } = subject;
    this.#whole.hidden = zoom === undefined;
    const axis = zoom ?? { fromMs: 0, toMs: alignment.lengthMs };
    this.#ribbon.show(alignment, axis);
    const points = Math.min(MOST_POINTS, Math.max(FEWEST_POINTS, Math.round(this.root.clientWidth / 2)));
    const widthMs = (axis.toMs - axis.fromMs) / points;
    const axisMs = Array.from({ length: points }, (_, i) => axis.fromMs + (i + 0.5) * widthMs);
    await Promise.all(
      [...this.#panels].map(async ([chart, panel]) => {
        const [a, b] = await Promise.all(
          (['a', 'b'] as const).map((side) => this.#line(chart, subject, side, { axis, widthMs, signal })),
        );
        signal.throwIfAborted();
        panel.show(overlayModel(alignment, axisMs, { a, b }), [axis.fromMs / 1000, axis.toMs / 1000]);
      }),
    );
  }

  async #line(
    chart: OverlayChart,
    subject: OverlaySubject,
    side: SideName,
    {
      axis,
      widthMs,
      signal,
    }: { readonly axis: Zoom; readonly widthMs: number; readonly signal: AbortSignal },
  ): Promise<SideLine | undefined> {
    const compared = subject[side];
    const span = spanOf(subject.alignment, side, axis);
    if (span === undefined) return undefined;
    const points = Math.max(1, Math.ceil((span.toMs - span.fromMs) / widthMs));
    const answers = await Promise.all(
      questionsOf(chart).map((question) =>
        readSeries(compared.run.id, { ...question, from: span.fromMs, to: span.toMs, points }, signal),
      ),
    );
    const label = `${compared.run.ref}${side === 'a' ? ', the baseline' : ''}`;
    const read = answers[0];
    const values = totalOf(chart, answers, compared.run.intervalMs);
    return { label, values, span: read ?? span };
  }

  #tellMoment(seconds: number | undefined): void {
    this.#moment.textContent =
      seconds === undefined ? 'Drag to look closer.' : `at ${elapsed(Number(seconds.toPrecision(4)))}`;
  }
}
