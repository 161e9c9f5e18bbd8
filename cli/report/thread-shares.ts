/** Where the time of the threads went, in shares. Undefined where it was not measured. */
import type { MeasureValues } from '../../protocol/measures.ts';

/** Of all thread-time: `12 % running, 3 % waiting for disk, 85 % sleeping`. */
export function threadShares(m: MeasureValues): string | undefined {
  const {
    threadRunningSeconds: running,
    threadUninterruptibleSeconds: disk,
    threadSleepingSeconds: sleeping,
  } = m;
  if (running === undefined || disk === undefined || sleeping === undefined) return undefined;
  const all = running + disk + sleeping;
  if (all === 0) return undefined;
  return [[running, 'running'] as const, [disk, 'waiting for disk'] as const, [sleeping, 'sleeping'] as const]
    .map(([seconds, name]) => `${percent(seconds / all)} ${name}`)
    .join(', ');
}

/** Of the time that threads waited, the largest first: `70 % locks, 20 % network, 10 % other`. */
export function waitShares(m: MeasureValues): string | undefined {
  const { threadUninterruptibleSeconds: disk = 0, threadSleepingSeconds: sleeping = 0 } = m;
  const all = disk + sleeping;
  const classes = [
    ['locks', m.waitLockSeconds],
    ['storage', m.waitDiskSeconds],
    ['network or events', m.waitNetworkSeconds],
    ['pipes', m.waitPipeSeconds],
    ['a time', m.waitTimerSeconds],
    ['children', m.waitChildSeconds],
  ] as const;
  const known = classes.flatMap(([name, seconds]) => (seconds ? [{ name, share: seconds / all }] : []));
  if (all === 0 || known.length === 0) return undefined;
  const rest = 1 - known.reduce((sum, { share }) => sum + share, 0);
  return [...known, { name: 'other', share: rest }]
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share)
    .map(({ name, share }) => `${percent(share)} ${name}`)
    .join(', ');
}

/** What would be shown as 0 %. */
const LEAST_SHARE = 0.005;

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
