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

/**
 * The whole run as a strip: its phases, its events, and the stretch that is shown. A click on a phase looks closer; so does
 * the list of phases beside the heading, for the keyboard and where the strip is too narrow to hit.
 */
export class RunTimeline {
  readonly root = element('div', { class: 'timeline', 'aria-hidden': 'true' });
  readonly #list = element('select', { name: 'phase' });
  readonly control = element('label', { class: 'check', hidden: '' }, 'Phase ', this.#list);
  readonly #zoom: (zoom: Zoom | undefined) => void;
  readonly #phases = element('div', { class: 'phases' });
  readonly #marks = element('div', { class: 'event-marks' });
  readonly #window = element('div', { class: 'zoom-window' });
  #known: readonly Phase[] = [];
  #drawn = '';

  constructor(zoom: (zoom: Zoom | undefined) => void) {
    this.#zoom = zoom;
    this.#list.addEventListener('change', () => {
      const phase = this.#known[Number(this.#list.value)];
      this.#zoom(phase && { fromMs: phase.fromMs, toMs: phase.toMs });
    });
    this.root.append(this.#phases, this.#marks, this.#window);
  }

  show({ phases, events, extentMs, zoom }: Timeline): void {
    const hasPhases = phases.length > 1;
    this.root.hidden = !hasPhases && events.length === 0;
    this.#phases.hidden = !hasPhases;
    this.control.hidden = !hasPhases;
    const key = JSON.stringify(phases);
    // A list that is open stays.
    if (key !== this.#drawn) this.#offer(phases);
    this.#drawn = key;
    this.#known = phases;
    const at = phases.findIndex(
      ({ fromMs, toMs }) =>
        Math.abs(fromMs - (zoom?.fromMs ?? -1)) < 1 && Math.abs(toMs - (zoom?.toMs ?? -1)) < 1,
    );
    this.#list.value = at < 0 ? '' : String(at);
    this.#phases.replaceChildren(...phases.map((phase, i) => this.#phase(phase, i, extentMs)));
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

  #offer(phases: readonly Phase[]): void {
    const options = phases.map((phase, i) => element('option', { value: String(i) }, words(phase, i)));
    this.#list.replaceChildren(element('option', { value: '' }, 'all'), ...options);
  }

  #phase(phase: Phase, index: number, extentMs: number): HTMLElement {
    const { fromMs, toMs } = phase;
    const isWide = (toMs - fromMs) / extentMs >= LEAST_SHARE_NAMED;
    const title = `Phase ${words(phase, index)}: ${levels(phase)}`;
    const segment = element('span', { class: 'phase', title }, isWide ? String(index + 1) : '');
    place(segment, phase, extentMs);
    segment.addEventListener('click', () => this.#zoom({ fromMs, toMs }));
    return segment;
  }
}

function words({ fromMs, toMs }: Phase, index: number): string {
  return `${index + 1}: ${elapsed(fromMs / 1000)} to ${elapsed(toMs / 1000)}`;
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
