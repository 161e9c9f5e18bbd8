import { element } from '../element.ts';
import { shown } from '../format.ts';
import type { ChartModel, ChartStyle } from './chart-model.ts';
import type { Values } from './lines.ts';

/** Names and colours of a chart's series, with their values at the cursor, else their mean over what is shown. */
export class Legend {
  readonly root = element('ul', { class: 'legend' });
  readonly #style: ChartStyle;
  #model: ChartModel | undefined;
  #outputs: HTMLElement[] = [];

  constructor(style: ChartStyle) {
    this.#style = style;
  }

  show(model: ChartModel): void {
    this.#model = model;
    this.#outputs = model.series.map(() => element('span', { class: 'legend-value' }));
    const items = model.series.map((series, index) =>
      element(
        'li',
        {},
        element('span', { class: `swatch ink-${series.ink}${series.dashed ? ' dashed' : ''}` }),
        element('span', { class: 'legend-label', title: series.label }, series.label),
        this.#outputs[index],
      ),
    );
    this.root.replaceChildren(...items);
  }

  /** @param index the bucket under the cursor; undefined where there is no cursor */
  point(index: number | undefined): void {
    this.#model?.series.forEach((series, row) => {
      const value = index === undefined ? this.#mean(series.values) : series.values[index];
      const text = shown(value, this.#style.format);
      this.#outputs[row]?.replaceChildren(index === undefined ? `⌀ ${text}` : text);
    });
  }

  /** In a stack, a bucket without a value counts as zero where another series has one: the means add up. */
  #mean(values: Values): number | undefined {
    const sampled = this.#style.stacked
      ? values.filter((_, index) => this.#model?.series.some((series) => series.values[index] !== null))
      : values.filter((value) => value !== null);
    if (sampled.length === 0) return undefined;
    return sampled.reduce<number>((total, value) => total + (value ?? 0), 0) / sampled.length;
  }
}
