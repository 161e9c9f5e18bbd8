import { element } from '../element.ts';
import { change } from '../format.ts';
import { type ChangeMark, placeOf } from './compare-scale.ts';

/** A change as a bar from the middle, with the interval in which it truly lies as a whisker; behind it what is usual. */
export function changeBar(mark: ChangeMark, reach: number, look: string): HTMLElement {
  const at = (factor: number) => placeOf(factor, reach);
  const { change: factor, interval, usual } = mark;
  return element(
    'div',
    { class: `change-bar ${look}`, role: 'img', 'aria-label': words(mark) },
    usual && span('usual', at(usual[0]), at(usual[1])),
    span('bar-body', Math.min(0.5, at(factor)), Math.max(0.5, at(factor))),
    interval && span('whisker', at(interval[0]), at(interval[1])),
    factor > reach || factor < 1 / reach
      ? element('span', { class: `beyond ${factor > 1 ? 'right' : 'left'}` }, factor > 1 ? '▸' : '◂')
      : undefined,
  );
}

function words({ change: factor, interval }: ChangeMark): string {
  const whole = change(factor);
  return interval ? `${whole}, interval from ${change(interval[0])} to ${change(interval[1])}` : whole;
}

/** From and to as shares of the width. */
function span(kind: string, from: number, to: number): HTMLElement {
  const node = element('span', { class: kind });
  node.style.left = `${from * 100}%`;
  node.style.width = `${(to - from) * 100}%`;
  return node;
}
