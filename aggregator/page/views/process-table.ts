import type { ProcessView } from '../../../protocol/query.ts';
import type { NamedProcess } from '../charts/chosen-processes.ts';
import { element } from '../element.ts';
import { type ProcessColumn, processColumns } from './process-columns.ts';
import { type ProcessRow, processRows } from './process-rows.ts';

const ROWS_AT_FIRST = 200;
const MOST_INDENTED = 8;

/** The processes of a run: nested below their parents, and sortable by every column. */
export class ProcessTable {
  readonly root: HTMLElement;
  readonly #head = element('tr');
  readonly #body = element('tbody');
  readonly #nested = element('input', { type: 'checkbox' });
  readonly #more = element('button', { type: 'button' });
  #heads = '';
  #columns: ProcessColumn[] = [];
  #processes: readonly ProcessView[] = [];
  #inks: ReadonlyMap<string, string> = new Map();
  #sortedBy = 'Start';
  #descending = false;
  #isWhole = false;

  constructor() {
    this.#nested.checked = true;
    this.#nested.addEventListener('change', () => this.#draw());
    this.#more.addEventListener('click', () => {
      this.#isWhole = true;
      this.#draw();
    });
    this.root = element(
      'section',
      {},
      element(
        'div',
        { class: 'bar' },
        element('h2', {}, 'Processes'),
        element('label', { class: 'check' }, this.#nested, ' nested by parent'),
      ),
      element(
        'div',
        { class: 'scroller', role: 'region', 'aria-label': 'Processes', tabindex: '0' },
        element('table', { class: 'processes' }, element('thead', {}, this.#head), this.#body),
      ),
      this.#more,
    );
  }

  /** @param extentMs the end of what is known, ms since the start of the run */
  show(processes: readonly ProcessView[], named: readonly NamedProcess[], extentMs: number): void {
    this.#processes = processes;
    this.#inks = new Map(named.map((process) => [process.key, process.ink]));
    this.#columns = [
      {
        label: 'Process',
        title: 'Name of the command',
        numeric: false,
        value: (p) => p.comm,
        text: (p) => p.comm,
      },
      ...processColumns(processes, extentMs),
    ];
    const heads = this.#columns.map((column) => column.label).join();
    if (heads !== this.#heads)
      this.#head.replaceChildren(...this.#columns.map((column) => this.#heading(column)));
    this.#heads = heads;
    this.#draw();
  }

  #heading({ label, title, numeric }: ProcessColumn): HTMLElement {
    const button = element('button', { type: 'button', title }, label);
    button.addEventListener('click', () => {
      this.#descending = this.#sortedBy === label ? !this.#descending : numeric;
      this.#sortedBy = label;
      this.#draw();
    });
    return element('th', { scope: 'col', class: numeric ? 'number' : undefined }, button);
  }

  #draw(): void {
    const sorting = this.#columns.find((column) => column.label === this.#sortedBy);
    const rows = processRows(this.#processes, {
      value: sorting?.value ?? ((process) => process.startMs),
      descending: this.#descending,
      nested: this.#nested.checked,
    });
    const drawn = this.#isWhole ? rows : rows.slice(0, ROWS_AT_FIRST);
    this.#body.replaceChildren(...drawn.map((row) => this.#row(row)));
    this.#more.hidden = drawn.length === rows.length;
    this.#more.textContent = `Show all ${rows.length} processes`;
    this.#columns.forEach(({ label }, index) => {
      const direction = this.#descending ? 'descending' : 'ascending';
      this.#head.cells[index]?.setAttribute('aria-sort', label === this.#sortedBy ? direction : 'none');
    });
  }

  #row({ process, depth }: ProcessRow): HTMLElement {
    const ink = this.#inks.get(process.key);
    const name = element(
      'th',
      { scope: 'row', class: `depth-${Math.min(depth, MOST_INDENTED)}`, title: process.args },
      element('span', { class: ink ? `swatch ink-${ink}` : 'swatch' }),
      process.comm,
      process.args ? element('span', { class: 'arguments' }, process.args) : undefined,
    );
    const cells = this.#columns
      .slice(1)
      .map((column) => element('td', { class: column.numeric ? 'number' : undefined }, column.text(process)));
    return element('tr', {}, name, ...cells);
  }
}
