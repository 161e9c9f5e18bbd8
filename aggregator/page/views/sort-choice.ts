import type { RunOrder, RunSortKey } from '../../../protocol/run-choices.ts';
import { element } from '../element.ts';
import { runColumns } from './run-columns.ts';

const WORDS: Readonly<Record<RunOrder, readonly [time: string, figure: string]>> = {
  desc: ['newest first', 'largest first'],
  asc: ['oldest first', 'smallest first'],
};

/** The order as a list to choose from, where there is no room for headings. */
export class SortChoice {
  readonly root: HTMLElement;
  readonly #select = element('select', { name: 'sort' });

  constructor(choose: (sort: RunSortKey, order: RunOrder) => void) {
    for (const { label, sort } of runColumns) {
      if (sort === undefined) continue;
      for (const order of ['desc', 'asc'] as const) {
        const words = WORDS[order][sort === 'startedAt' ? 0 : 1];
        const option = element('option', { value: `${sort} ${order}` }, `${label}, ${words}`);
        this.#select.append(option);
      }
    }
    this.#select.addEventListener('change', () => {
      const [sort, order] = this.#select.value.split(' ') as [RunSortKey, RunOrder];
      choose(sort, order);
    });
    this.root = element('label', { class: 'sort-choice' }, 'Order ', this.#select);
  }

  show(sort: RunSortKey, order: RunOrder): void {
    this.#select.value = `${sort} ${order}`;
  }
}
