import type { ProcessView } from '../../../protocol/query.ts';
import type { Ink } from '../charts/chart-model.ts';
import { element } from '../element.ts';
import { columnLook, type ProcessColumn } from './process-columns.ts';

const MOST_INDENTED = 8;

export interface RowContent {
  readonly process: ProcessView;
  readonly depth: number;
  readonly ink: Ink | undefined;
  readonly isChosen: boolean;
}

/** One process in the table; its name is a button that chooses it. */
export class ProcessTableRow {
  readonly root: HTMLTableRowElement;
  readonly #name = element('button', { type: 'button', class: 'choose' });
  readonly #swatch = element('span');
  readonly #arguments = element('span', { class: 'arguments' });
  readonly #head = element('th', { scope: 'row' }, this.#swatch, this.#name, this.#arguments);
  #cells: HTMLTableCellElement[] = [];

  constructor(key: string, choose: (key: string) => void) {
    this.root = element('tr', {}, this.#head);
    this.#name.addEventListener('click', () => choose(key));
  }

  update({ process, depth, ink, isChosen }: RowContent, columns: readonly ProcessColumn[]): void {
    this.root.classList.toggle('chosen', isChosen);
    this.#name.setAttribute('aria-pressed', String(isChosen));
    this.#head.className = `depth-${Math.min(depth, MOST_INDENTED)}`;
    this.#swatch.className = ink ? `swatch ink-${ink}` : 'swatch';
    write(this.#name, process.comm);
    write(this.#arguments, process.args ?? '');
    this.#head.title = process.args ?? '';
    const own = columns.slice(1);
    if (this.#cells.length !== own.length) {
      this.#cells = own.map((column) => element('td', { class: columnLook(column) }));
      this.root.replaceChildren(this.#head, ...this.#cells);
    }
    own.forEach((column, i) => {
      const cell = this.#cells[i];
      if (cell) write(cell, column.text(process));
    });
  }
}

function write(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
