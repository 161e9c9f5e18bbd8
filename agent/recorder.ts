/** Gathers what the agent saw since the last batch, and hands it over as the next one. */
import type {
  Batch,
  ContainerRecord,
  OutputRecord,
  ProcessEnd,
  ProcessRecord,
  StorageRecord,
  SubjectKindOnWire,
} from '../protocol/batch.ts';
import { MOST_BATCH_CELLS } from '../protocol/codec/batch-format.ts';
import type { RunResult } from '../protocol/results.ts';
import type { RunDeclaration, RunEvent, RunOutcome } from '../protocol/run.ts';
import { Rows } from './rows.ts';

/** A block may not hold more rows (protocol/codec/block.ts), so a batch may not hold more ticks. */
const MOST_TICKS = 50_000;

export class Recorder {
  readonly #agent: string;
  readonly #run: string;
  readonly #epochMs: number;
  #sequence = 0;
  #declaration: RunDeclaration | undefined;
  #outcome: RunOutcome | undefined;
  #containers: ContainerRecord[] = [];
  #storage: StorageRecord[] = [];
  #outputs: OutputRecord[] = [];
  #results: readonly RunResult[] | undefined;
  #processes = new Map<number, ProcessRecord>();
  #ticks: number[] = [];
  #lastTickMs = Number.NEGATIVE_INFINITY;
  #ends: ProcessEnd[] = [];
  #events: RunEvent[] = [];
  readonly #rows = new Set<Rows>();
  readonly #closed = new Set<Rows>();
  #openColumns = 0;

  /** `agent`: 32 hex digits; `epochMs`: wall clock of time zero. */
  constructor(identity: { agent: string; run: string; epochMs: number }) {
    this.#agent = identity.agent;
    this.#run = identity.run;
    this.#epochMs = identity.epochMs;
  }

  /** Whether another stretch of ticks might be more than one batch may hold. */
  get isFull(): boolean {
    const { length } = this.#ticks;
    return length >= MOST_TICKS || length * this.#openColumns >= MOST_BATCH_CELLS / 2;
  }

  declare(declaration: RunDeclaration): void {
    this.#declaration = declaration;
  }

  /** A process that is new, or whose name changed. */
  process(record: ProcessRecord): void {
    this.#processes.set(record.index, record);
  }

  container(record: ContainerRecord): void {
    this.#containers.push(record);
  }

  storage(record: StorageRecord): void {
    this.#storage.push(record);
  }

  output(record: OutputRecord): void {
    this.#outputs.push(record);
  }

  /** All results so far. */
  results(results: readonly RunResult[]): void {
    this.#results = results;
  }

  end(end: ProcessEnd): void {
    this.#ends.push(end);
  }

  event(event: RunEvent): void {
    this.#events.push(event);
  }

  outcome(outcome: RunOutcome): void {
    this.#outcome = outcome;
  }

  /** Rows for one probe of one subject; they stay with the recorder until `closeRows`. */
  openRows(subject: SubjectKindOnWire, index: number, columns: readonly number[]): Rows {
    const rows = new Rows(subject, index, columns);
    this.#rows.add(rows);
    this.#openColumns += columns.length;
    return rows;
  }

  /** No more rows will come; what is there goes out with the next batch. */
  closeRows(rows: Rows): void {
    if (rows.count > 0) this.#closed.add(rows);
    if (this.#rows.delete(rows)) this.#openColumns -= rows.columns.length;
  }

  /** Starts a tick at `atMs` since the epoch and answers its index; within 1 ms of the tick before it is that one. */
  tick(atMs: number): number {
    const rounded = Math.round(atMs);
    if (rounded <= this.#lastTickMs && this.#ticks.length > 0) return this.#ticks.length - 1;
    this.#lastTickMs = Math.max(rounded, this.#lastTickMs + 1);
    return this.#ticks.push(this.#lastTickMs) - 1;
  }

  /** Everything since the last batch, with the run's cumulative measures (id → integer). */
  drain(totals: ReadonlyMap<number, number>): Batch {
    const blocks = [...this.#closed, ...this.#rows].flatMap((rows) => rows.drain());
    const batch: Batch = {
      agent: this.#agent,
      sequence: this.#sequence++,
      run: this.#run,
      epochMs: this.#epochMs,
      ...(this.#declaration && { declaration: this.#declaration }),
      containers: this.#containers,
      ...(this.#storage.length > 0 && { storage: this.#storage }),
      ...(this.#outputs.length > 0 && { outputs: this.#outputs }),
      processes: [...this.#processes.values()],
      ticks: this.#ticks,
      blocks,
      ends: this.#ends,
      events: this.#events,
      totals,
      ...(this.#outcome && { outcome: this.#outcome }),
      ...(this.#results && { results: this.#results }),
    };
    this.#declaration = undefined;
    this.#outcome = undefined;
    this.#containers = [];
    this.#storage = [];
    this.#outputs = [];
    this.#results = undefined;
    this.#processes = new Map();
    this.#ticks = [];
    this.#ends = [];
    this.#events = [];
    this.#closed.clear();
    return batch;
  }
}
