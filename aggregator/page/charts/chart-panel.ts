import { element } from '../element.ts';
import type { ChartMark, ChartModel, ChartStyle } from './chart-model.ts';
import { Legend } from './legend.ts';
import { isAlive } from './lines.ts';
import { type ChartGroup, TimeChart } from './time-chart.ts';

/** One chart with its heading and legend. */
export class ChartPanel {
  readonly root: HTMLElement;
  readonly #chart: TimeChart;
  readonly #legend: Legend;
  readonly #group: ChartGroup;
  readonly #subtitle: HTMLElement;
  readonly #note = element('p', { class: 'note' });

  constructor(style: ChartStyle, group: ChartGroup) {
    this.#group = group;
    this.#chart = new TimeChart(style, group);
    this.#legend = new Legend(style);
    this.#subtitle = element('span', { class: 'muted' }, style.axis);
    this.root = element(
      'section',
      { class: 'chart' },
      element('h3', {}, style.title, ' ', this.#subtitle),
      this.#chart.root,
      this.#legend.root,
      this.#note,
    );
    group.cursor.follow((seconds) => this.#legend.point(this.#chart.indexAt(seconds)));
  }

  /** What stands beside the title: what the axis counts, and of what. */
  tell(subtitle: string): void {
    this.#subtitle.textContent = subtitle;
  }

  /** What is drawn already, over another stretch; seconds since the start of the run. */
  look(range: readonly [number, number]): void {
    this.#chart.look(range);
  }

  /** @param range seconds since the start of the run, the ends of the x axis */
  show(model: ChartModel, range: readonly [number, number], marks: readonly ChartMark[] = []): void {
    const nothing = reasonNotToDraw(model);
    this.root.classList.toggle('nothing', nothing !== undefined);
    this.#note.textContent = nothing ?? '';
    if (nothing !== undefined) return;
    this.#chart.show(model, range, marks);
    this.#legend.show(model);
    this.#legend.point(this.#chart.indexAt(this.#group.cursor.seconds));
  }
}

function reasonNotToDraw({ series }: ChartModel): string | undefined {
  if (series.length === 0) return 'Not measured.';
  return series.some((one) => isAlive(one.values)) ? undefined : 'Zero throughout.';
}
