/** How much a run is. Everything here is pure. */
import type { ProcessView, RunView } from '../../../protocol/query.ts';

const LARGE_SAMPLES = 1e6;

/**
 * Whether it has so many samples that to add up what each process used takes the server a while: its charts are drawn
 * before its processes are known, all of them together.
 */
export function isLarge({ measures, intervalMs }: RunView): boolean {
  const { processes = 1, wallSeconds = 0 } = measures;
  return (processes * wallSeconds * 1000) / intervalMs > LARGE_SAMPLES;
}

/** The end of what is known of a run, ms since its start. */
export function extentOf(run: RunView, processes: readonly ProcessView[]): number {
  const ends = processes.map((process) => process.endMs ?? process.startMs);
  return Math.max(
    1,
    (run.measures.wallSeconds ?? 0) * 1000,
    ends.reduce((a, b) => Math.max(a, b), 0),
  );
}
