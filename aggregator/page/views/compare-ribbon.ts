import { element } from '../element.ts';
import type { Zoom } from '../router.ts';
import type { AlignedPart, Alignment, SideName } from './compare-alignment.ts';

/** The phases of both runs as two bands above the charts, on the same axis. */
export class PhaseRibbon {
  readonly root = element('div', { class: 'ribbon', 'aria-hidden': 'true' });
  /** What the lines in the charts below mean. */
  readonly key = element(
    'p',
    { class: 'note cut-key', hidden: '' },
    element('span', { class: 'cut-swatch' }),
    'where a phase begins; the bands above are the phases of the baseline and of the compared run',
  );

  /** Hidden where there is but one part. `axis`: the stretch that is shown, ms. */
  show({ parts }: Alignment, axis: Zoom): void {
    this.root.hidden = parts.length < 2;
    this.key.hidden = this.root.hidden;
    this.root.replaceChildren(band('a', parts, axis), band('b', parts, axis));
  }
}

function band(side: SideName, parts: readonly AlignedPart[], axis: Zoom): HTMLElement {
  const share = (ms: number) => Math.min(1, Math.max(0, (ms - axis.fromMs) / (axis.toMs - axis.fromMs)));
  const segments = parts.flatMap((part, place) => {
    const own = part[side];
    if (own === undefined) return [];
    const [from, to] = [share(part.fromMs), share(part.fromMs + own.toMs - own.fromMs)];
    const segment = element('span', { class: 'phase' }, String(place + 1));
    segment.style.left = `${from * 100}%`;
    segment.style.width = `${(to - from) * 100}%`;
    return to > from ? [segment] : [];
  });
  return element('div', { class: `band side-${side}` }, ...segments);
}
