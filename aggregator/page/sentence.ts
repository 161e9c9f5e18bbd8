import { element } from './element.ts';

/** A sentence of the API, with the names in backticks as code; all of it is only ever text. */
export function sentence(text: string): (HTMLElement | string)[] {
  return text
    .split(/`([^`]+)`/)
    .map((part, place) => (place % 2 === 1 ? element('code', {}, part) : part))
    .filter((part) => part !== '');
}
