/** The parts of a run's wall time in words. */
import type { WallSplit } from '../../protocol/wall-split.ts';

export const wallPartKinds = ['cpu', 'runnable', 'disk', 'other'] as const;
export type WallPartKind = (typeof wallPartKinds)[number];

export interface WallPart {
  readonly kind: WallPartKind;
  readonly label: string;
  /** What the label means. */
  readonly meaning: string;
  readonly seconds: number;
}

const NOT_MEASURED = {
  runnable: 'waiting for a CPU was not measured: this kernel has no schedstat, or it was turned off',
  disk: 'waiting for storage was not measured: this kernel accounts no delays; the metric threads tells it by sampling',
} as const;

/** In their order; what was not measured is left out. */
export function wallParts({ cpuSeconds, runnableSeconds, diskSeconds, otherSeconds }: WallSplit): WallPart[] {
  const meant = [
    ['cpu', 'on a CPU', 'some process was on a CPU', cpuSeconds],
    ['runnable', 'ready, no CPU free', 'none was, and a thread waited for a CPU', runnableSeconds],
    ['disk', 'waiting for storage', 'neither, and a thread waited for storage', diskSeconds],
    ['other', 'other waits', otherMeaning(runnableSeconds, diskSeconds), otherSeconds],
  ] as const;
  return meant.flatMap(([kind, label, meaning, seconds]) =>
    seconds === undefined ? [] : [{ kind, label, meaning, seconds }],
  );
}

function otherMeaning(runnable: number | undefined, disk: number | undefined): string {
  const hidden = [runnable === undefined && 'a CPU', disk === undefined && 'storage'].filter(Boolean);
  const rest = 'for the network, a lock, a time, a person';
  return hidden.length === 0
    ? `all waited: ${rest}`
    : `all waited: ${rest}; also for ${hidden.join(' and ')}`;
}

/** What the parts leave open, a sentence each. */
export function wallPartsNotMeasured(split: WallSplit): string[] {
  if (split.cpuSeconds === undefined) return ['CPU time was not measured, so the wall time cannot be split.'];
  return [
    ...(split.runnableSeconds === undefined ? [NOT_MEASURED.runnable] : []),
    ...(split.diskSeconds === undefined ? [NOT_MEASURED.disk] : []),
  ].map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
}
