import type { ProcessView } from '../../../protocol/query.ts';
import { element } from '../element.ts';
import { duration, terse } from '../format.ts';
import type { SideName } from './compare-alignment.ts';
import type { ComparedRun } from './compare-overlay.ts';
import { heaviestPairs, isDifferent, type ProcessPair, processPairs } from './compare-rows.ts';
import { empty } from './notice.ts';
import { lifeBar } from './process-life.ts';

const MOST_ROWS = 60;
/** Deeper ones are indented no further. */
const DEEPEST = 8;

/** The processes of both runs from start to exit, on one time scale; the same process in the same row. */
export function gantts(a: ComparedRun, b: ComparedRun, effect: number, onlyDifferent: boolean): HTMLElement {
  const all = processPairs(a, b).filter((pair) => !onlyDifferent || isDifferent(pair, effect));
  const shown = heaviestPairs(all, MOST_ROWS);
  const left = all.length - shown.length;
  const lengthMs = Math.max(a.extentMs, b.extentMs);
  return element(
    'section',
    {},
    element('h2', {}, 'Processes from start to exit'),
    shown.length === 0 ? empty('No process differs.') : table(shown, a, b, lengthMs),
    left === 0 ? undefined : element('p', { class: 'note' }, `Not drawn: ${left} lesser processes.`),
  );
}

function table(pairs: readonly ProcessPair[], a: ComparedRun, b: ComparedRun, lengthMs: number): HTMLElement {
  const scale = element('span', { class: 'muted' }, ` 0 … ${terse(duration(lengthMs / 1000))}`);
  return element(
    'div',
    { class: 'scroller', role: 'region', 'aria-label': 'Processes from start to exit', tabindex: '0' },
    element(
      'table',
      { class: 'gantts' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', { scope: 'col' }, 'Process'),
          element('th', { scope: 'col', class: 'side-a' }, a.run.ref, scale),
          element('th', { scope: 'col', class: 'side-b' }, b.run.ref, scale.cloneNode(true)),
        ),
      ),
      element(
        'tbody',
        {},
        ...pairs.flatMap((pair, i) => [
          ...placeRow(pair.place, pairs[i - 1]?.place),
          pairRow(pair, a, b, lengthMs),
        ]),
      ),
    ),
  );
}

/** A heading above the first process of a place. */
function placeRow(place: string | undefined, before: string | undefined): HTMLElement[] {
  if (place === undefined || place === before) return [];
  const head = element('th', { scope: 'rowgroup', colspan: '3', class: 'place' }, place);
  return [element('tr', {}, head)];
}

function pairRow(
  { comm, depth, ...pair }: ProcessPair,
  a: ComparedRun,
  b: ComparedRun,
  lengthMs: number,
): HTMLElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row', class: `depth-${Math.min(DEEPEST, depth)}`, title: comm }, comm),
    lane('a', pair.a, a, lengthMs),
    lane('b', pair.b, b, lengthMs),
  );
}

function lane(
  side: SideName,
  process: ProcessView | undefined,
  { extentMs }: ComparedRun,
  lengthMs: number,
): HTMLElement {
  const look = `lane side-${side}`;
  if (process === undefined) return element('td', { class: look }, element('span', { class: 'muted' }, '–'));
  const bar = lifeBar(process, extentMs, { fromMs: 0, toMs: lengthMs });
  bar.setAttribute('role', 'img');
  bar.setAttribute('aria-label', bar.title);
  return element('td', { class: look }, element('div', { class: 'track' }, bar));
}
