/** The life of a process as a bar on a time axis, the darker the more CPU it used. */
import type { ProcessView } from '../../../protocol/query.ts';
import { cpuSecondsOf } from '../charts/chosen-processes.ts';
import { element } from '../element.ts';
import { cores, duration } from '../format.ts';
import type { Zoom } from '../router.ts';
import '../style/gantt.css';

/** From so many cores on a bar is a shade darker. */
const SHADES = [0.02, 0.25, 0.75, 1.5];

/** `toMs`: of one that still lives, the end of what is known of the run. */
export function lifeOf(process: ProcessView, extentMs: number): Zoom {
  const fromMs = Math.max(0, process.startMs);
  return { fromMs, toMs: Math.max(fromMs, process.endMs ?? extentMs) };
}

export function livesWithin(process: ProcessView, extentMs: number, stretch: Zoom): boolean {
  const { fromMs, toMs } = lifeOf(process, extentMs);
  return fromMs <= stretch.toMs && toMs >= stretch.fromMs;
}

/** How long it lived and what it computed. */
export function lifeWords(process: ProcessView, extentMs: number): string {
  const { cpu, used, seconds } = useOf(process, extentMs);
  return `${duration(seconds)}, CPU ${duration(cpu)} (${cores(used)} cores)`;
}

/** Placed by its share of the axis in an element of class `track`. */
export function lifeBar(process: ProcessView, extentMs: number, axis: Zoom): HTMLElement {
  const { fromMs, toMs } = lifeOf(process, extentMs);
  const share = (ms: number) =>
    Math.min(1.01, Math.max(-0.01, (ms - axis.fromMs) / (axis.toMs - axis.fromMs)));
  const bar = element('span', {
    class: `life shade-${shadeOf(useOf(process, extentMs).used)}`,
    title: lifeWords(process, extentMs),
  });
  bar.style.left = `${share(fromMs) * 100}%`;
  bar.style.width = `${(share(toMs) - share(fromMs)) * 100}%`;
  return bar;
}

/** What the shades mean. */
export function shadeKey(): HTMLElement {
  const items = SHADES.map((least, i) =>
    element('span', {}, element('i', { class: `life shade-${i + 1}` }), `from ${cores(least)}`),
  );
  return element('span', { class: 'shade-key' }, 'cores:', ...items);
}

function useOf(process: ProcessView, extentMs: number): { cpu: number; used: number; seconds: number } {
  const { fromMs, toMs } = lifeOf(process, extentMs);
  const seconds = (toMs - fromMs) / 1000;
  const cpu = cpuSecondsOf(process);
  return { cpu, seconds, used: seconds === 0 ? 0 : cpu / seconds };
}

function shadeOf(used: number): number {
  return SHADES.filter((least) => used >= least).length;
}
