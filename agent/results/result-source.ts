/** What a run tells besides its samples: the report of a storage tool, or what a program says of itself. */
import type { RunResult } from '../../protocol/results.ts';
import type { ChildExit } from '../launcher.ts';
import type { OutputSeries } from './output-series.ts';

export interface ResultSource {
  /** File descriptors that the command gets as its standard output and error; our own where undefined. */
  readonly stdout?: number;
  readonly stderr?: number;
  /** The command has its descriptors. What it says from now on may be put on the run's time line. */
  begin(series: OutputSeries): void;
  /** The command has ended and said all. Resolves to the results of the run; never rejects. */
  end(exit: ChildExit): Promise<readonly RunResult[]>;
  /** The run is over, or could not begin. Gives back what it holds; resolves when that is done. */
  release(): Promise<void>;
}
