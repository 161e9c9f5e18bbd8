/**
 * One flavor of measuring. Adding one is adding a file in this folder and a line in index.ts.
 *
 * A metric opens probes on a target. A probe owns the files it reads, fills one row of its columns each time it is
 * asked, and says when the target is gone.
 */
import type { StorageKind } from '../../protocol/batch.ts';
import type { MetricPart } from '../../protocol/metric-choice.ts';
import type { Cadence, MetricName } from '../../protocol/metrics.ts';
import type { RunEvent } from '../../protocol/run.ts';
import type { ContainerTarget } from '../containers.ts';
import type { TrackedProcess } from '../process-table.ts';

/** The moment of a sample. */
export interface Moment {
  /** ms since the agent's epoch, monotonic. */
  readonly atMs: number;
}

/** `gone`: the target ended; its row is not kept. */
export type SampleResult = 'read' | 'gone';

/** A counter of a row to which the kernel adds those of reaped children. */
export interface InclusiveCounter {
  /** Position in the row. */
  readonly at: number;
  /** Position of the process's own part, where `at` holds the children's part alone. */
  readonly own?: number;
}

export interface Probe {
  /** Ids of the columns, strictly increasing; fixed for the life of the probe. */
  readonly columns: readonly number[];
  readonly cadence: Cadence;
  /** Counters of the row that hold the children's use too. */
  readonly inclusive?: readonly InclusiveCounter[];
  /** Slow probes: whether something moved, so that a reading is due before its time. Asked at every tick. */
  moved?(): boolean;
  /** Fills `row` (as long as `columns`; all NaN at first) and leaves NaN where something could not be read. */
  sample(row: Float64Array, moment: Moment): SampleResult;
  /** The same where the target has not run since it was read. Without it the last row is kept once more. */
  sampleAsleep?(row: Float64Array, moment: Moment): void;
  /** The process is gone: fills in the counters that its `stat` held when it was read last. Without it there are none. */
  sampleGone?(row: Float64Array): void;
  close(): void;
}

/** The row to fill for a device or volume of this place and name; undefined where there are too many already. */
export type RowOf = (place: string, name: string | undefined) => Float64Array | undefined;

/** Reads the block devices or volumes of a container or of the host, which come and go. Read every few ticks. */
export interface StorageProbe {
  readonly kind: StorageKind;
  /** As those of a probe. */
  readonly columns: readonly number[];
  /** Fills a row for each that could be read. False where there may be more that the kernel does not tell of. */
  sample(rowOf: RowOf): boolean;
  close(): void;
}

/** Whose storage it is. */
export interface StorageOwner {
  /** Undefined: the host, and the processes that belong to no container. */
  readonly container: ContainerTarget | undefined;
  /** The pid of any of its living processes. */
  livingPid(): number | undefined;
}

export interface MetricContext {
  /** `/proc`, or a captured tree. */
  readonly procRoot: string;
  /** Parts of metrics that are left out. */
  readonly without: ReadonlySet<MetricPart>;
  event(event: RunEvent): void;
}

export interface Metric {
  readonly name: MetricName;
  /** What it needs to see everything, for people: capabilities, kernel features. */
  readonly needs: string;
  /** Probes on one process; none where the metric does not look at processes. */
  openProcess?(process: TrackedProcess, context: MetricContext): Probe[];
  /** Probes on one container's cgroup. */
  openContainer?(container: ContainerTarget, context: MetricContext): Probe[];
  /** A process became another program. */
  execed?(process: TrackedProcess, comm: string, moment: Moment, context: MetricContext): void;
  /** Probes on the storage of a container or of the host. */
  openStorage?(owner: StorageOwner, context: MetricContext): StorageProbe[];
  /** Probes on the host as a whole. */
  openHost?(context: MetricContext): Probe[];
}
