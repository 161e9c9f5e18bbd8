import { element } from '../element.ts';
import { addressOf } from '../router.ts';
import type { ChosenRun, RunSelection } from './run-selection.ts';

export interface SelectionReader {
  readonly compare: () => void;
  /** The selection was changed. */
  readonly changed: () => void;
}

/** The list above the bar, as far as it was read. */
export interface ShownList {
  readonly runs: readonly ChosenRun[];
  readonly isWhole: boolean;
}

/** The chosen runs, whether or not the list shows them: which are the baseline, and what can be done with them. */
export class SelectionBar {
  readonly root: HTMLElement;
  readonly #selection: RunSelection;
  readonly #reader: SelectionReader;
  readonly #words = element('p', { role: 'status' });
  readonly #runs = element('ul', { class: 'chosen-runs' });
  readonly #compare = element('button', { type: 'button', class: 'compare' }, 'Compare');
  readonly #clear = element('button', { type: 'button' }, 'Choose none');

  constructor(selection: RunSelection, reader: SelectionReader) {
    this.#selection = selection;
    this.#reader = reader;
    this.#compare.addEventListener('click', reader.compare);
    this.#clear.addEventListener('click', () => {
      selection.clear();
      reader.changed();
    });
    this.root = element(
      'section',
      { class: 'selection', 'aria-label': 'Chosen runs' },
      this.#words,
      this.#runs,
      element('div', { class: 'bar' }, this.#compare, this.#clear),
    );
  }

  show(list: ShownList): void {
    const { size, hindrance, sides } = this.#selection;
    this.root.hidden = size === 0;
    if (size === 0) return;
    const focused =
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset.of : undefined;
    this.#runs.replaceChildren(
      ...sides.baseline.map((run) => this.#item(run, true)),
      ...sides.other.map((run) => this.#item(run, false)),
    );
    // A button that the redraw replaced gives its focus to the one in its place.
    if (focused !== undefined) this.#refocus(focused);
    this.#words.textContent = [sizeWords(size, this.#unlisted(list)), hindrance].filter(Boolean).join(' ');
    this.#compare.disabled = hindrance !== undefined;
    this.#compare.textContent =
      hindrance === undefined ? `Compare ${named(sides.baseline)} with ${named(sides.other)}` : 'Compare';
  }

  #unlisted({ runs, isWhole }: ShownList): string {
    const listed = new Set(runs.map(({ id }) => id));
    const { baseline, other } = this.#selection.sides;
    const unlisted = [...baseline, ...other].filter(({ id }) => !listed.has(id)).length;
    if (unlisted === 0) return '';
    return `, ${unlisted} of them ${isWhole ? 'outside these filters' : 'not among the rows so far'}`;
  }

  #item(run: ChosenRun, isBaseline: boolean): HTMLElement {
    const { id, ref } = run;
    const side = element(
      'button',
      { type: 'button', 'aria-pressed': String(isBaseline), 'data-of': `side ${id}` },
      'baseline',
    );
    side.setAttribute('aria-label', `${ref} is of the baseline`);
    side.addEventListener('click', () => {
      this.#selection.putAside(id, !isBaseline);
      this.#reader.changed();
    });
    const away = element('button', { type: 'button', 'aria-label': `Let go of ${ref}` }, '✕');
    away.addEventListener('click', () => {
      this.#selection.choose(run, false);
      this.#reader.changed();
    });
    return element(
      'li',
      { class: isBaseline ? 'baseline' : undefined },
      element('a', { href: addressOf({ view: 'run', ref }) }, ref),
      side,
      away,
    );
  }

  #refocus(of: string): void {
    const buttons = [...this.#runs.querySelectorAll<HTMLElement>('[data-of]')];
    buttons.find(({ dataset }) => dataset.of === of)?.focus();
  }
}

function named(side: readonly ChosenRun[]): string {
  const [only] = side;
  return side.length === 1 && only ? only.ref : `${side.length} runs`;
}

function sizeWords(size: number, unlisted: string): string {
  return `${size === 1 ? '1 run is chosen' : `${size} runs are chosen`}${unlisted}.`;
}
