/**
 * Who is measured. A rule looks for new processes at every tick; once found, a process is measured until it is gone,
 * whatever becomes of its parent.
 */
import type { ProcessTable, TrackedProcess } from './process-table.ts';

/** A process that was not measured yet, its `stat` read. */
export type FoundProcess = Pick<
  TrackedProcess,
  'pid' | 'role' | 'container' | 'stat' | 'startMs' | 'bornInRun'
>;

export interface Targets {
  /** New targets, parents before their children. */
  discover(known: ProcessTable): FoundProcess[];
  /** Whether there may be new ones, by a look that costs next to nothing. */
  mayHaveNew?(): boolean;
  /** The command line that is recorded for a process; undefined where none is. */
  args(pid: number): string | undefined;
}
