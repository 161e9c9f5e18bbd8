import type { Phase } from '../../../protocol/findings.ts';

type Levels = Partial<Omit<Phase, 'fromMs' | 'toMs'>>;

/** One after the other from the start of a run on; a level that is not given is zero. */
export function phasesInOrder(...phases: readonly (readonly [seconds: number, levels: Levels])[]): Phase[] {
  let atMs = 0;
  return phases.map(([seconds, levels]) => {
    const fromMs = atMs;
    atMs += seconds * 1000;
    return {
      fromMs,
      toMs: atMs,
      cores: 0,
      rssBytes: 0,
      readBytesPerSecond: 0,
      writeBytesPerSecond: 0,
      ...levels,
    };
  });
}
