import { element } from '../element.ts';

/**
 * A table that scrolls sideways in itself where it is too wide. Columns in which no row has anything are left out; each
 * cell knows its heading (`data-label`), for looks that draw rows as cards.
 */
export function scrollingTable(
  label: string,
  heads: readonly HTMLElement[],
  rows: readonly (readonly HTMLElement[])[],
  look = 'snug',
): HTMLElement {
  const isFilled = heads.map((_, i) => rows.some((cells) => hasContent(cells[i])));
  const filled = (cells: readonly HTMLElement[]) => cells.filter((_, i) => isFilled[i]);
  for (const cells of rows) {
    for (const [i, cell] of cells.entries()) cell.setAttribute('data-label', heads[i]?.textContent ?? '');
  }
  return element(
    'div',
    { class: `scroller ${look}`, role: 'region', 'aria-label': label, tabindex: '0' },
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...filled(heads))),
      element('tbody', {}, ...rows.map((cells) => element('tr', {}, ...filled(cells)))),
    ),
  );
}

function hasContent(cell: HTMLElement | undefined): boolean {
  return cell !== undefined && (cell.childElementCount > 0 || cell.textContent !== '');
}

export function columnHead(text: string, isNumber = false): HTMLElement {
  return element('th', { scope: 'col', class: isNumber ? 'number' : undefined }, text);
}

export function rowHead(text: string): HTMLElement {
  return element('th', { scope: 'row' }, text);
}

/** Of a number. */
export function cell(text: string, look = ''): HTMLElement {
  return element('td', { class: `number ${look}` }, text);
}
