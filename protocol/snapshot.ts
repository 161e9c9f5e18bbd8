/** What a page that was saved as one file holds in place of a server. */
import type { CompareAnswer } from './comparison.ts';
import type { Finding, Phase } from './findings.ts';
import type { ProcessView, RunView, SeriesAnswer, SeriesLine } from './query.ts';
import type { RunEvent } from './run.ts';
import type { WallSplit } from './wall-split.ts';

export interface PageSnapshot {
  /** What the page shows first: the part of its address behind the `#`. */
  readonly address: string;
  readonly runs: readonly RunSnapshot[];
  readonly comparison?: CompareAnswer;
}

/** By the last parts of their addresses in the HTTP API, but for `run` and `series`. */
export interface RunSnapshot {
  readonly run: RunView;
  readonly processes: readonly ProcessView[];
  readonly events: readonly RunEvent[];
  readonly findings: readonly Finding[];
  readonly phases: readonly Phase[];
  readonly wallSplit: WallSplit;
  readonly series: SeriesSnapshot;
}

/** The means of the whole run, one bucket for each of `count` equal stretches. */
export interface SeriesSnapshot {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
  readonly gaps: SeriesAnswer['gaps'];
  readonly lines: readonly SnapshotLine[];
}

export type SnapshotLine = Omit<SeriesLine, 'min' | 'max'>;

/** The id of the element that holds it as JSON. */
export const SNAPSHOT_ELEMENT = 'snapshot';
