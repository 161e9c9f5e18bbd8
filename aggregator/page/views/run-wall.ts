import type { MeasureValues } from '../../../protocol/measures.ts';
import type { WallSplit } from '../../../protocol/wall-split.ts';
import { wallParts, wallPartsNotMeasured } from '../../query/wall-parts.ts';
import { element } from '../element.ts';
import { duration, percent } from '../format.ts';

/** Where the wall time went, as one bar with its parts in words below it. */
export class RunWall {
  readonly root = element('section', { class: 'wall', hidden: '' });

  show(split: WallSplit, measures: MeasureValues): void {
    const { wallSeconds } = split;
    const parts = wallParts(split);
    const notes = [...wallPartsNotMeasured(split), ...threadWaits(measures)];
    this.root.hidden = wallSeconds === 0;
    const bar = element('div', { class: 'wall-bar', 'aria-hidden': 'true' });
    for (const { kind, label, seconds } of parts) {
      const part = element('span', { class: `wall-part ${kind}`, title: `${label}: ${duration(seconds)}` });
      part.style.width = `${(seconds / wallSeconds) * 100}%`;
      bar.append(part);
    }
    const items = parts.map(({ kind, label, meaning, seconds }) =>
      element(
        'div',
        {},
        element('dt', {}, element('span', { class: `wall-swatch ${kind}` }), label),
        element(
          'dd',
          {},
          `${percent(seconds / wallSeconds)}, ${duration(seconds)}`,
          element('span', { class: 'under' }, meaning),
        ),
      ),
    );
    this.root.replaceChildren(
      element('h2', {}, 'Where the time went'),
      ...(parts.length > 0 ? [bar, element('dl', { class: 'wall-parts' }, ...items)] : []),
      ...notes.map((note) => element('p', { class: 'note' }, note)),
    );
  }
}

/** What single threads waited for, where it was sampled: more than one thread may wait at a time. */
function threadWaits(m: MeasureValues): string[] {
  const waits = [
    ['locks', m.waitLockSeconds],
    ['storage', m.waitDiskSeconds],
    ['the network or events', m.waitNetworkSeconds],
    ['pipes', m.waitPipeSeconds],
    ['a time to pass', m.waitTimerSeconds],
    ['children', m.waitChildSeconds],
  ] as const;
  const known = waits
    .flatMap(([what, seconds]) => (seconds ? [{ what, seconds }] : []))
    .sort((a, b) => b.seconds - a.seconds)
    .map(({ what, seconds }) => `${duration(seconds)} for ${what}`);
  return known.length === 0 ? [] : [`All threads added up waited ${known.join(', ')}.`];
}
