/** What the store keeps and gives back, apart from how it lies on disk (see keys.ts and docs/storage-format.md). */
import type { FileHandle } from 'node:fs/promises';
import type {
  Batch,
  OutputRecord,
  ProcessRole,
  StorageRecord,
  SubjectKindOnWire,
} from '../../protocol/batch.ts';
import type { Pod } from '../../protocol/pods.ts';
import type { RunResult } from '../../protocol/results.ts';
import type { HostFacts, RunEvent, RunOutcome, Tags, Workload } from '../../protocol/run.ts';
import type { RunOrigin } from './run-origin.ts';

/** One agent instance's part of a run. */
export interface MemberRecord {
  readonly agent: string;
  /** Pod name, or host name of a local run. */
  readonly name: string;
  /** Absent in local runs. */
  readonly podUid?: string;
  /** Wall clock of the agent's time zero, ms since the Unix epoch. */
  readonly epochMs: number;
  /** The last batch that is safe on disk. */
  readonly lastSequence: number;
  /** When that batch arrived, ms since the Unix epoch. */
  readonly lastSeenMs: number;
  /** Of all batches that were taken; absent where the first ones came before this was counted. */
  readonly bytes?: number;
  /** Measure id and integer, cumulative (protocol/measures.ts). */
  readonly totals: readonly (readonly [id: number, value: number])[];
  /** Absent where there are none. */
  readonly results?: readonly RunResult[];
  /** As its agent told and, of a pod, as the API server did. */
  readonly outcome?: RunOutcome;
  /** Who writes, where it is a process of a local run. */
  readonly writer?: { readonly pid: number; readonly bootId: string };
}

/** One record per run: listing runs reads nothing else. */
export interface RunRecord {
  readonly id: string;
  readonly workload: Workload;
  /** 1, 2, 3, … within the workload, given at the first batch and never again. */
  readonly number: number;
  readonly startedAtMs: number;
  readonly intervalMs: number;
  readonly metrics: readonly string[];
  readonly command?: readonly string[];
  readonly tags: Tags;
  readonly note?: string;
  readonly pinned: boolean;
  readonly host?: HostFacts;
  readonly agentVersion: string;
  /** A process's key is its member's place in this list, a dot and its index: `0.17`. Never reordered. */
  readonly members: readonly MemberRecord[];
  /** Of a run in a cluster, also pods that no agent ever sent for; absent where none is known. */
  readonly pods?: readonly Pod[];
  /** How its workload ended, where that tells more than the ends of its members: of a Job, a CronJob, a JobSet. */
  readonly ending?: RunOutcome;
  /** Set once a run in a cluster had ended and was held against the good ones before it. */
  readonly concluded?: Conclusion;
  readonly sealed: boolean;
  /** It lies in so many parts that they will be merged once it has ended. */
  readonly isScattered?: true;
  /** What retention has left of the samples that were sealed; absent: all of them. */
  readonly thinned?: Thinned;
}

export interface Conclusion {
  /** ms since the Unix epoch. */
  readonly atMs: number;
  /** In one sentence; absent where it did not regress. */
  readonly regression?: string;
}

/** What the API server told of a run; what is absent stays as it is. */
export interface ClusterNews {
  readonly pods?: readonly Pod[];
  /** Null: it goes on after all. */
  readonly ending?: RunOutcome | null;
  readonly concluded?: Conclusion;
}

/** `levels`: cells of 10 s and more in place of the samples. `summary`: totals, processes and events alone. */
export type Thinned = 'levels' | 'summary';

/** What is known of one process of a run. Times are ms since the start of the run. */
export interface ProcessEntry {
  readonly member: number;
  readonly index: number;
  readonly pid: number;
  readonly parent: number | undefined;
  readonly role: ProcessRole;
  readonly comm: string;
  readonly args: string | undefined;
  readonly container: number | undefined;
  readonly startMs: number;
  readonly endMs: number | undefined;
  readonly endBoundMs: number | undefined;
  readonly exitCode: number | undefined;
}

export interface ContainerEntry {
  readonly member: number;
  readonly index: number;
  readonly name: string;
}

/** A block device or a volume. */
export interface StorageEntry extends StorageRecord {
  readonly member: number;
}

/** A figure that the measured program told. */
export interface OutputEntry extends OutputRecord {
  readonly member: number;
}

export interface RunDirectory {
  readonly processes: readonly ProcessEntry[];
  readonly containers: readonly ContainerEntry[];
  /** Absent where there is none. */
  readonly storage?: readonly StorageEntry[];
  /** Absent where there is none. */
  readonly outputs?: readonly OutputEntry[];
  readonly events: readonly RunEvent[];
}

/** All samples of one column of one subject in a stretch of time. Values are integers as read (unscaled). */
export interface ColumnSeries {
  readonly subject: SubjectKindOnWire;
  readonly member: number;
  readonly index: number;
  readonly column: number;
  /** ms since the start of the run, strictly increasing. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Where samples stand for cells of a level (level-builder.ts). */
  readonly spread?: Spread;
}

/**
 * What lies between a sample and the next: the least and the greatest level of a gauge, in place of which `values` has the
 * mean, or rate per second of a counter. NaN: nothing but what the samples themselves tell.
 */
export interface Spread {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export interface SeriesRequest {
  /** Column ids. */
  readonly columns: readonly number[];
  /** Undefined: every subject. */
  readonly subjects?: readonly {
    readonly kind: SubjectKindOnWire;
    readonly member: number;
    readonly index: number;
  }[];
  /** ms since the start of the run; both ends included. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** One sample for so many ms is enough: a level may answer, and its last cell before `fromMs` too. Default: every sample. */
  readonly resolutionMs?: number;
  /** What a level tells of a cell's least and greatest is not needed, and not read. */
  readonly meansOnly?: boolean;
}

/** What a batch tells beside its samples. */
export type BatchHead = Omit<Batch, 'blocks'>;

export interface Acknowledgement {
  readonly agent: string;
  readonly sequence: number;
  /** True where this batch was already kept: nothing was written. */
  readonly duplicate: boolean;
}

/**
 * The store of one data folder. Several processes may have it open at once, one of them or all writing.
 * Every failure is a PodometerError with a PODO_STORE_… code.
 */
export interface Store {
  readonly folder: string;
  /** False where the folder may only be read: every change rejects with PODO_STORE_READ_ONLY. */
  readonly isWritable: boolean;
  /**
   * Appends a batch and resolves when it is safe on disk. `bytes` are kept as they are; `batch` is what they decode
   * to. A batch already kept is acknowledged again and changes nothing; one that would leave a hole is refused
   * (PODO_BATCH_OUT_OF_ORDER). The first batch of a run needs a declaration and gives the run its number.
   */
  append(bytes: Uint8Array, batch: BatchHead): Promise<Acknowledgement>;
  run(id: string): RunRecord | undefined;
  /** Newest first. */
  runs(range?: { readonly workload?: string }): Iterable<RunRecord>;
  /** The run of this workload name with this number. */
  runByNumber(workload: string, number: number): RunRecord | undefined;
  update(id: string, change: (record: RunRecord) => RunRecord): Promise<RunRecord>;
  remove(id: string): Promise<void>;
  directory(id: string): RunDirectory;
  series(id: string, request: SeriesRequest): ColumnSeries[];
  /** Merges the blocks of a run that has ended into slices, and many short ones into long ones. Idempotent; safe to be killed at any moment. */
  seal(id: string): Promise<void>;
  /**
   * A compact copy of this moment, beside running writers: an open file that its owner closes, and of which nothing is left
   * then. Throws PODO_STORE_FULL where the disk has no room for it.
   */
  openBackup(): Promise<FileHandle>;
  close(): Promise<void>;
}

/** Bytes of a run in the store. */
export interface Footprint {
  readonly log: number;
  readonly samples: number;
  readonly levels: number;
  readonly directory: number;
}

export interface StoreUsage {
  /** Of all history that counts. */
  readonly usedBytes: number;
  /** Of the data file, where something was deleted: later writes use them first. */
  readonly reusableBytes: number;
  readonly diskFreeBytes: number;
}

/** What a look at every block of a store found. */
export interface StoreReport {
  readonly runs: number;
  readonly batches: number;
  readonly slices: number;
  /** Of the batches and slices that were read. */
  readonly bytes: number;
  readonly damage: readonly Damage[];
}

export interface Damage {
  /** Id of the run. */
  readonly run: string;
  /** A sentence that says what is damaged and what it costs. */
  readonly message: string;
}

/** A store with what its keeper may do: measure it, thin it, check it, copy it. */
export interface KeptStore extends Store {
  /** The member that an agent is; undefined where it sent nothing yet. */
  member(agent: string): MemberRecord | undefined;
  /** Rejects with PODO_RUN_NOT_FOUND. */
  noteCluster(id: string, news: ClusterNews): Promise<RunRecord>;
  usage(): StoreUsage;
  /** Throws PODO_RUN_NOT_FOUND. */
  footprint(id: string): Footprint;
  /**
   * Seals one part of what waits in the log, where the run has ended or its log is long enough, or merges the parts that
   * there are, where they are many, and answers whether it did either. Merging is given up where `signal` is aborted. Also while the run goes on; in steps, so that other work of this process goes on.
   */
  sealSome(id: string, signal?: AbortSignal): Promise<boolean>;
  /** Gives up the sealed samples of a run, or its levels too. What came since is not touched. */
  thin(id: string, to: Thinned): Promise<void>;
  /** Reads every block and compares its checksum. `progress` is called now and then with the runs that were looked at. */
  check(progress?: (runs: number) => void): StoreReport;
  /** The runs of this store as they lie on disk, for another one to copy. */
  origin(): RunOrigin;
  /**
   * Takes a run in as it lies in another store, which is only read, with the next number of its workload. It is there whole or
   * not at all; one whose id is here already is left as it is (`repeated`). Rejects with PODO_RUN_NOT_FOUND, PODO_BUSY where another
   * process begins to copy it too, and PODO_IMPORT_MALFORMED where a member of it is one of another run here.
   */
  copy(id: string, from: RunOrigin): Promise<'added' | 'repeated'>;
  /** Writes a compact copy of this moment to a new file, beside running writers. Throws PODO_BACKUP_EXISTS. */
  backup(file: string): Promise<void>;
}
