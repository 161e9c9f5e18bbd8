/** A strip of small bars, one a run, in which one run stands out. */
const NAMESPACE = 'http://www.w3.org/2000/svg';
const HEIGHT = 18;
const STEP = 4;
const BARS = 20;
/** Before the bars: a run that is older than all of them, and a gap. */
const LEAD = 2 * STEP;

export interface SparkBar {
  /** Undefined where it was not measured: no bar. */
  readonly value: number | undefined;
  readonly isMarked: boolean;
}

/**
 * @param bars at most 20, the last of them at the right end
 * @param older the value of the run that stands out, where it is none of the bars
 * @param label what they say, in words
 */
export function sparkline(bars: readonly SparkBar[], older: number | undefined, label: string): SVGElement {
  const greatest = Math.max(0, older ?? 0, ...bars.map(({ value = 0 }) => value));
  const heightOf = (value: number) => (greatest === 0 ? 1 : Math.max(1, (HEIGHT * value) / greatest));
  const first = LEAD + (BARS - bars.length) * STEP;
  const placed = bars.map(({ value, isMarked }, i) => ({ value, isMarked, x: first + i * STEP }));
  const all = [...placed, { value: older, isMarked: true, x: 0 }];
  const path = (isMarked: boolean) =>
    all
      .filter((bar) => bar.isMarked === isMarked && bar.value !== undefined)
      .map(({ value = 0, x }) => `M${x + 1.5} ${HEIGHT}V${(HEIGHT - heightOf(value)).toFixed(1)}`)
      .join('');
  const width = LEAD + BARS * STEP;
  return node(
    'svg',
    { class: 'spark', viewBox: `0 0 ${width} ${HEIGHT}`, role: 'img', 'aria-label': label },
    node('path', { class: 'others', d: path(false) }),
    node('path', { class: 'marked', d: path(true) }),
  );
}

function node(tag: string, attributes: Readonly<Record<string, string>>, ...children: Node[]): SVGElement {
  const made = document.createElementNS(NAMESPACE, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
