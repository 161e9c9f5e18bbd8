/** What commands ask of a history, whether it lies on this machine or behind an aggregator. */

import type { CompareOptions } from '../../aggregator/query/compare.ts';
import type { SideExpressions } from '../../aggregator/query/compare-runs.ts';
import type { CompareAnswer } from '../../protocol/comparison.ts';
import type { Deviation } from '../../protocol/deviation.ts';
import type { Finding, Phase } from '../../protocol/findings.ts';
import type { WorkloadNeeds } from '../../protocol/needs.ts';
import type {
  ExportFormat,
  ProcessView,
  RunPatch,
  RunView,
  SeriesAnswer,
  SeriesQuery,
} from '../../protocol/query.ts';
import type { RunEvent } from '../../protocol/run.ts';
import type { RunsPage, RunsQuery } from '../../protocol/run-list.ts';
import type { WallSplit } from '../../protocol/wall-split.ts';

/**
 * A run is named by any reference (`resolveRun`). Every method rejects with the same codes wherever the history lies, and
 * with PODO_CLUSTER_… or PODO_AGGREGATOR_… where it lies behind an aggregator that cannot be asked.
 */
export interface HistoryClient {
  runs(query: RunsQuery): Promise<RunsPage>;
  /** With its judgement, where it has one. */
  run(reference: string): Promise<RunView>;
  processes(reference: string): Promise<readonly ProcessView[]>;
  findings(reference: string): Promise<readonly Finding[]>;
  phases(reference: string): Promise<readonly Phase[]>;
  wallSplit(reference: string): Promise<WallSplit>;
  series(reference: string, query: SeriesQuery): Promise<SeriesAnswer>;
  events(reference: string): Promise<readonly RunEvent[]>;
  deviations(reference: string): Promise<readonly Deviation[]>;
  compare(sides: SideExpressions, options: CompareOptions): Promise<CompareAnswer>;
  needs(workload: string, runs: number): Promise<WorkloadNeeds>;
  /** The comparison as one HTML file. Rejects with PODO_PAGE_NOT_BUILT. */
  compareAsFile(sides: SideExpressions, options: CompareOptions): AsyncIterable<Uint8Array>;
  /** Everything that was kept of the run, as a file. */
  export(reference: string, format: ExportFormat): AsyncIterable<Uint8Array>;
  update(reference: string, patch: RunPatch): Promise<RunView>;
  /** With all its samples. Rejects with PODO_RUN_RUNNING where it has not ended. */
  remove(reference: string): Promise<void>;
  /** A consistent copy of the whole history as a new file. Rejects with PODO_BACKUP_EXISTS. */
  backup(file: string): Promise<void>;
}
