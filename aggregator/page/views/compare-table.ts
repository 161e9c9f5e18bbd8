import { element } from '../element.ts';

/** A table that scrolls sideways in itself where it is too wide. */
export function scrollingTable(label: string, heads: HTMLElement[], rows: HTMLElement[][]): HTMLElement {
  return element(
    'div',
    { class: 'scroller snug', role: 'region', 'aria-label': label, tabindex: '0' },
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...heads)),
      element('tbody', {}, ...rows.map((cells) => element('tr', {}, ...cells))),
    ),
  );
}

export function columnHead(text: string, isNumber = false): HTMLElement {
  return element('th', { scope: 'col', class: isNumber ? 'number' : undefined }, text);
}

export function rowHead(text: string): HTMLElement {
  return element('th', { scope: 'row' }, text);
}

/** Of a number. */
export function cell(text: string): HTMLElement {
  return element('td', { class: 'number' }, text);
}
