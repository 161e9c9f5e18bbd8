/** Where the time went by which a process took longer (or shorter). */
import { duration, listed, signed } from '../wording.ts';
import type { ProcessUse } from './run-tree.ts';

/** What a container (or, without one, the run) was held up by: b − a, in seconds. */
export interface PressureDelta {
  readonly throttledSeconds: number;
  readonly psiCpuSeconds: number;
  readonly psiMemorySeconds: number;
  readonly psiIoSeconds: number;
}

interface Part {
  readonly doing: string;
  readonly seconds: number;
  readonly proof: string;
}

/** A part that makes up less of the change is not named. */
const NAMED = 0.2;
/** All of it, but for what the clocks cannot tell. */
const ALL = 0.85;
const MOST = 0.5;
/** A change in CPU time below this share of the change in time is none. */
const UNCHANGED = 0.1;

/** `all of it waiting for disk (block IO delay +3.0 s), CPU unchanged`; empty where nothing is known. */
export function waitsText(delta: ProcessUse, pressure: PressureDelta): string {
  const life = delta.lifeSeconds;
  const parts = partsOf(delta, pressure)
    .filter(({ seconds }) => seconds / life >= NAMED)
    .sort((a, b) => b.seconds / life - a.seconds / life);
  const cpu = delta.cpuSeconds / life;
  const unchanged = Math.abs(cpu) < UNCHANGED ? ', CPU unchanged' : '';
  if (parts.length === 0) {
    return `not on a CPU and not waiting for anything that was measured (--metrics performance,time,pressure,threads tells more)${unchanged}`;
  }
  const words = parts.map(({ doing, seconds, proof }, i) => {
    const share = i === 0 ? shareText(seconds / life) : `${duration(Math.abs(seconds))} of it`;
    return `${share} ${doing} (${proof})`;
  });
  return `${listed(words)}${unchanged}`;
}

function shareText(share: number): string {
  return share >= ALL ? 'all of it' : share >= MOST ? 'most of it' : 'part of it';
}

function partsOf(delta: ProcessUse, pressure: PressureDelta): Part[] {
  const own: Part[] = [
    part('on the CPU', delta.cpuSeconds, 'CPU time'),
    part('waiting for disk', delta.diskSeconds, 'time in block IO'),
    part('waiting for a free CPU', delta.queueSeconds, 'run queue'),
    part('stopped by the CPU limit', pressure.throttledSeconds, 'throttled'),
    part('waiting for locks', delta.lockSeconds, 'lock waits'),
    part('waiting for the network or events', delta.networkSeconds, 'network waits'),
    part('waiting for a pipe', delta.pipeSeconds, 'pipe waits'),
    part('sleeping', delta.timerSeconds, 'timer waits'),
  ];
  const known = own.reduce((sum, { seconds }) => sum + seconds, 0);
  // Pressure is the whole container's: it speaks for a process only where nothing nearer does.
  if (known / delta.lifeSeconds >= MOST) return own;
  return [
    ...own,
    part('waiting for disk', pressure.psiIoSeconds, 'IO pressure'),
    part('waiting for memory', pressure.psiMemorySeconds, 'memory pressure'),
    part('waiting for a free CPU', pressure.psiCpuSeconds, 'CPU pressure'),
  ];
}

function part(doing: string, seconds: number, figure: string): Part {
  return { doing, seconds, proof: `${figure} ${signed(seconds, duration)}` };
}
