import type { ProcessView } from '../../../protocol/query.ts';
import type { Named } from '../charts/chart-view.ts';
import { element } from '../element.ts';
import { columnLook, type ProcessColumn, processColumns } from './process-columns.ts';
import { type ProcessRow, processRows } from './process-rows.ts';
import { ProcessTableRow } from './process-table-row.ts';

const ROWS_AT_FIRST = 200;

/** What the reader set; it stands in the address of the view. */
export interface TableLook {
  /** Label of a column, `-` before it where the largest comes first; default: by the start. */
  readonly sort?: string | undefined;
  readonly find?: string | undefined;
  readonly flat?: boolean | undefined;
  /** A narrow screen shows all columns, too. */
  readonly wide?: boolean | undefined;
}

export interface TableSubject {
  readonly processes: readonly ProcessView[];
  readonly named: readonly Named[];
  /** Key of a process. */
  readonly chosen: string | undefined;
  /** The end of what is known, ms since the start of the run. */
  readonly extentMs: number;
  /** Of how many processes these are. */
  readonly all: number;
}

export interface TableReader {
  readonly choose: (key: string) => void;
  readonly look: (look: TableLook) => void;
}

const nameColumn: ProcessColumn = {
  label: 'Process',
  title: 'Name of the command',
  numeric: false,
  isLesser: false,
  value: ({ comm }) => comm,
  text: ({ comm }) => comm,
};

/** The processes of a run: nested below their parents, sorted by any column, and found by words. */
export class ProcessTable {
  readonly root: HTMLElement;
  readonly #reader: TableReader;
  readonly #head = element('tr');
  readonly #body = element('tbody');
  readonly #table = element('table', { class: 'processes' }, element('thead', {}, this.#head), this.#body);
  readonly #nested = element('input', { type: 'checkbox' });
  readonly #wide = element('input', { type: 'checkbox' });
  readonly #find = element('input', {
    type: 'search',
    name: 'find',
    placeholder: 'name or arguments…',
    autocomplete: 'off',
  });
  readonly #count = element('span', { class: 'muted', role: 'status' });
  readonly #more = element('button', { type: 'button' });
  readonly #rows = new Map<string, ProcessTableRow>();
  #look: TableLook;
  #heads = '';
  #columns: ProcessColumn[] = [];
  #subject: TableSubject | undefined;
  #isWhole = false;

  constructor(look: TableLook, reader: TableReader) {
    this.#look = look;
    this.#reader = reader;
    this.#nested.addEventListener('change', () => this.#change({ flat: !this.#nested.checked }));
    this.#wide.addEventListener('change', () => this.#change({ wide: this.#wide.checked }));
    this.#find.addEventListener('input', () => this.#change({ find: this.#find.value.trim() || undefined }));
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
        element('label', { class: 'check' }, 'Find ', this.#find),
        element('label', { class: 'check' }, this.#nested, ' nested by parent'),
        element('label', { class: 'check narrow-only' }, this.#wide, ' all columns'),
        this.#count,
      ),
      element(
        'div',
        { class: 'scroller tall', role: 'region', 'aria-label': 'Processes', tabindex: '0' },
        this.#table,
      ),
      this.#more,
    );
  }

  /** @param look what the address says */
  show(subject: TableSubject, look: TableLook): void {
    this.#subject = subject;
    this.#look = look;
    this.#columns = [nameColumn, ...processColumns(subject.processes, subject.extentMs)];
    const heads = this.#columns.map((column) => column.label).join();
    if (heads !== this.#heads) {
      this.#head.replaceChildren(...this.#columns.map((column) => this.#heading(column)));
      this.#rows.clear();
    }
    this.#heads = heads;
    this.#draw();
  }

  focusSearch(): void {
    this.#find.focus();
    this.#find.select();
  }

  /** Key of the process whose name has the focus. */
  get focused(): string | undefined {
    const row = document.activeElement?.closest('tr');
    return [...this.#rows].find(([, { root }]) => root === row)?.[0];
  }

  /** Puts the focus on the next process, or the one before; on the first where it was on none. */
  step(by: 1 | -1): void {
    const names = () => [...this.#body.querySelectorAll<HTMLElement>('.choose')];
    const at = names().findIndex((name) => name.matches(':focus'));
    if (at >= 0 && at + by === names().length && !this.#more.hidden) this.#more.click();
    names()[at < 0 ? 0 : at + by]?.focus();
  }

  #change(change: TableLook): void {
    this.#look = { ...this.#look, ...change };
    this.#reader.look(this.#look);
  }

  #sorting(): { column: ProcessColumn | undefined; descending: boolean } {
    const { sort = 'Start' } = this.#look;
    const descending = sort.startsWith('-');
    const label = descending ? sort.slice(1) : sort;
    return { column: this.#columns.find((column) => column.label === label), descending };
  }

  #heading(head: ProcessColumn): HTMLElement {
    const { label, title, numeric } = head;
    const button = element('button', { type: 'button', title }, label);
    button.addEventListener('click', () => {
      const { column, descending } = this.#sorting();
      const isDescending = column?.label === label ? !descending : numeric;
      this.#change({ sort: isDescending ? `-${label}` : label });
    });
    return element('th', { scope: 'col', class: columnLook(head) }, button);
  }

  #draw(): void {
    const { processes = [], all = 0 } = this.#subject ?? {};
    const { find = '', flat = false, wide = false } = this.#look;
    if (document.activeElement !== this.#find) this.#find.value = find;
    this.#nested.checked = !flat;
    this.#wide.checked = wide;
    this.#table.classList.toggle('wide', wide);
    const { column: sorting, descending } = this.#sorting();
    const rows = processRows(processes, {
      value: sorting?.value ?? (({ startMs }) => startMs),
      descending,
      nested: !flat,
    });
    this.#drawRows(this.#isWhole ? rows : rows.slice(0, ROWS_AT_FIRST));
    this.#more.hidden = this.#isWhole || rows.length <= ROWS_AT_FIRST;
    this.#more.textContent = `Show all ${rows.length} processes`;
    this.#count.textContent = find === '' ? '' : `${rows.length} of ${all}`;
    this.#columns.forEach(({ label }, index) => {
      const direction = descending ? 'descending' : 'ascending';
      this.#head.cells[index]?.setAttribute('aria-sort', label === sorting?.label ? direction : 'none');
    });
  }

  /** A row stays the same element while it changes, so that it keeps the focus. */
  #drawRows(rows: readonly ProcessRow[]): void {
    const { named = [], chosen } = this.#subject ?? {};
    const inks = new Map(named.map(({ key, ink }) => [key, ink]));
    const drawn = rows.map(({ process, depth }) => {
      const row = this.#rows.get(process.key) ?? new ProcessTableRow(process.key, this.#reader.choose);
      this.#rows.set(process.key, row);
      row.update(
        { process, depth, ink: inks.get(process.key), isChosen: process.key === chosen },
        this.#columns,
      );
      return row.root;
    });
    const isInOrder =
      drawn.length === this.#body.rows.length && drawn.every((row, i) => row === this.#body.rows[i]);
    if (isInOrder) return;
    const focused = document.activeElement;
    this.#body.replaceChildren(...drawn);
    if (focused instanceof HTMLElement && this.#body.contains(focused))
      focused.focus({ preventScroll: true });
  }
}
