import type { RunEvent } from '../../../protocol/run.ts';
import type { ChartMark } from '../charts/chart-model.ts';
import { element } from '../element.ts';
import { elapsed } from '../format.ts';
import type { Zoom } from '../router.ts';

const EVENTS_AT_MOST = 200;
const MARKS_AT_MOST = 200;
/** To each side of an event that is looked at, as a share of the run. */
const AROUND = 1 / 40;

const GRAVE: ReadonlySet<RunEvent['kind']> = new Set(['oom', 'eviction', 'restart', 'warning', 'regression']);

/** Something broke, or may have. */
export function isGrave(kind: RunEvent['kind']): boolean {
  return GRAVE.has(kind);
}

/** Gaps are not among them: the series tell those. */
export function eventMarks(events: readonly RunEvent[]): ChartMark[] {
  return events
    .filter(({ kind }) => kind !== 'gap')
    .slice(0, MARKS_AT_MOST)
    .map(({ atMs, kind }) => ({ seconds: atMs / 1000, isGrave: isGrave(kind) }));
}

/** Each with a button that looks closer at its moment. */
export function eventList(
  events: readonly RunEvent[],
  extentMs: number,
  zoom: (zoom: Zoom) => void,
): HTMLElement {
  if (events.length === 0) return element('p', { class: 'muted' }, 'Nothing out of the ordinary.');
  const items = events
    .toSorted((a, b) => a.atMs - b.atMs)
    .slice(0, EVENTS_AT_MOST)
    .map(({ atMs, kind, message }) => {
      const moment = elapsed(atMs / 1000);
      const button = element(
        'button',
        { type: 'button', class: 'at', 'aria-label': `Look closer at ${moment}` },
        moment,
      );
      button.addEventListener('click', () => zoom(around(atMs, extentMs)));
      return element(
        'li',
        {},
        button,
        element('span', { class: isGrave(kind) ? 'kind grave' : 'kind' }, kind),
        element('span', {}, message),
      );
    });
  const left = events.length - items.length;
  return element(
    'ol',
    { class: 'events' },
    ...items,
    left > 0 ? element('li', { class: 'muted' }, `and ${left} more`) : undefined,
  );
}

function around(atMs: number, extentMs: number): Zoom {
  const fromMs = Math.max(0, atMs - AROUND * extentMs);
  return { fromMs, toMs: Math.max(fromMs + 1, Math.min(extentMs, atMs + AROUND * extentMs)) };
}
