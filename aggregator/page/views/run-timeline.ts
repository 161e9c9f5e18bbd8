import type { Phase } from '../../../protocol/findings.ts';
import type { RunEvent } from '../../../protocol/run.ts';
import { element } from '../element.ts';
import { bytes, bytesPerSecond, cores, elapsed } from '../format.ts';
import type { Zoom } from '../router.ts';
import { isGrave } from './run-events.ts';

/** Below it a phase is not named on the strip. */
const LEAST_SHARE_NAMED = 0.02;
const MARKS_AT_MOST = 200;

export interface Timeline {
  readonly phases: readonly Phase[];
  readonly events: readonly RunEvent[];
  readonly extentMs: number;
  /** What the charts show of it; undefined: all. */
  readonly zoom: Zoom | undefined;
}

/** The whole run as a strip: its phases, each a button that looks closer, its events, and the stretch that is shown. */
export class RunTimeline {
  readonly root = element('div', { class: 'timeline', role: 'group', 'aria-label': 'Phases of the run' });
  readonly #zoom: (zoom: Zoom | undefined) => void;
  readonly #phases = element('div', { class: 'phases' });
  readonly #marks = element('div', { class: 'event-marks', 'aria-hidden': 'true' });
  readonly #window = element('div', { class: 'zoom-window', 'aria-hidden': 'true' });
  #drawn = '';

  constructor(zoom: (zoom: Zoom | undefined) => void) {
    this.#zoom = zoom;
    this.root.append(this.#phases, this.#marks, this.#window);
  }

  show({ phases, events, extentMs, zoom }: Timeline): void {
    const hasPhases = phases.length > 1;
    this.root.hidden = !hasPhases && events.length === 0;
    this.#phases.hidden = !hasPhases;
    const key = JSON.stringify([phases, extentMs]);
    // A button that has the focus stays.
    if (key !== this.#drawn)
      this.#phases.replaceChildren(...phases.map((phase, i) => this.#phase(phase, i, extentMs)));
    this.#drawn = key;
    const marks = events.slice(0, MARKS_AT_MOST).map(({ atMs, kind, message }) => {
      const mark = element('span', {
        class: isGrave(kind) ? 'grave' : undefined,
        title: `${elapsed(atMs / 1000)} ${message}`,
      });
      mark.style.left = `${(Math.min(extentMs, Math.max(0, atMs)) / extentMs) * 100}%`;
      return mark;
    });
    this.#marks.replaceChildren(...marks);
    this.#window.hidden = zoom === undefined;
    if (zoom) place(this.#window, zoom, extentMs);
  }

  #phase(phase: Phase, index: number, extentMs: number): HTMLElement {
    const { fromMs, toMs } = phase;
    const isWide = (toMs - fromMs) / extentMs >= LEAST_SHARE_NAMED;
    const words = `Phase ${index + 1}, ${elapsed(fromMs / 1000)} to ${elapsed(toMs / 1000)}: ${levels(phase)}`;
    const button = element(
      'button',
      { type: 'button', class: 'phase', title: words, 'aria-label': words },
      isWide ? String(index + 1) : '',
    );
    place(button, phase, extentMs);
    button.addEventListener('click', () => this.#zoom({ fromMs, toMs }));
    return button;
  }
}

function place(node: HTMLElement, { fromMs, toMs }: Zoom, extentMs: number): void {
  const share = (ms: number) => (Math.min(extentMs, Math.max(0, ms)) / extentMs) * 100;
  node.style.left = `${share(fromMs)}%`;
  node.style.width = `${share(toMs) - share(fromMs)}%`;
}

function levels({ cores: used, rssBytes, readBytesPerSecond, writeBytesPerSecond }: Phase): string {
  return [
    `${cores(used)} cores`,
    `${bytes(rssBytes)} of memory`,
    `${bytesPerSecond(readBytesPerSecond)} read`,
    `${bytesPerSecond(writeBytesPerSecond)} written`,
  ].join(', ');
}
