/** The Store of model.ts over LMDB: each method is one call into the file that owns the matter. */
import type { FileHandle } from 'node:fs/promises';
import { Appender } from './appender.ts';
import { readSeries } from './blocks.ts';
import { checkStore } from './check.ts';
import { clusterEvents } from './cluster-events.ts';
import { Sealer } from './compact.ts';
import { RunCopier } from './copy-runs.ts';
import type { Databases } from './databases.ts';
import { readDirectory } from './directory.ts';
import { asStoreError } from './failures.ts';
import { footprintOf } from './footprint.ts';
import { memberKey } from './keys.ts';
import type {
  Acknowledgement,
  BatchHead,
  ClusterNews,
  ColumnSeries,
  Footprint,
  KeptStore,
  MemberRecord,
  RunDirectory,
  RunRecord,
  SeriesRequest,
  StoreReport,
  StoreUsage,
  Thinned,
} from './model.ts';
import type { OpenOptions } from './open.ts';
import { RunOrigin } from './run-origin.ts';
import { runState } from './run-state.ts';
import {
  changeRun,
  findByNumber,
  listRuns,
  noteCluster,
  readRun,
  removeRun,
  requireRun,
  toRecord,
} from './runs.ts';
import { Sweeper } from './sweeper.ts';
import type { Tables } from './tables.ts';
import { thinRun } from './thin.ts';

export class LmdbStore implements KeptStore {
  readonly #databases: Databases;
  readonly #appender: Appender;
  readonly #sealer: Sealer;
  readonly #sweeper: Sweeper;
  readonly #copier: RunCopier;

  constructor(databases: Databases, options: Required<Omit<OpenOptions, 'readOnly'>>) {
    const { clock, isAlive, sealBytes } = options;
    const isRunning = (record: RunRecord) => runState(record, clock.wallMs(), isAlive) === 'running';
    this.#databases = databases;
    this.#sweeper = new Sweeper(databases, () => clock.wallMs());
    this.#appender = new Appender(databases, this.#sweeper, () => clock.wallMs());
    this.#copier = new RunCopier(databases, this.#sweeper, () => clock.wallMs());
    this.#sealer = new Sealer(databases, this.#sweeper, isRunning, sealBytes);
  }

  get folder(): string {
    return this.#databases.folder;
  }

  get isWritable(): boolean {
    return this.#databases.isWritable;
  }

  append(bytes: Uint8Array, batch: BatchHead): Promise<Acknowledgement> {
    return this.#appender.append(bytes, batch);
  }

  run(id: string): RunRecord | undefined {
    return this.#read((tables) => readRun(tables, id));
  }

  *runs({ workload }: { readonly workload?: string } = {}): Generator<RunRecord> {
    try {
      yield* listRuns(this.#databases.refresh(), workload);
    } catch (error) {
      throw asStoreError(this.folder, error);
    }
  }

  runByNumber(workload: string, number: number): RunRecord | undefined {
    return this.#read((tables) => findByNumber(tables, workload, number));
  }

  member(agent: string): MemberRecord | undefined {
    return this.#read((tables) => {
      const place = tables.agents.get(agent);
      return place && tables.members.get(memberKey(...place));
    });
  }

  noteCluster(id: string, news: ClusterNews): Promise<RunRecord> {
    return this.#databases.transaction((tables) => noteCluster(tables, id, news));
  }

  update(id: string, change: (record: RunRecord) => RunRecord): Promise<RunRecord> {
    return this.#databases.transaction((tables) => changeRun(tables, id, change));
  }

  async remove(id: string): Promise<void> {
    await this.#databases.transaction((tables) => removeRun(tables, id));
    await this.#sweeper.sweepAll();
  }

  directory(id: string): RunDirectory {
    return this.#read((tables) => {
      const run = requireRun(tables, id);
      const directory = readDirectory(tables, run);
      const told = clusterEvents(toRecord(tables, run));
      if (told.length === 0) return directory;
      return { ...directory, events: [...directory.events, ...told].sort((a, b) => a.atMs - b.atMs) };
    });
  }

  series(id: string, request: SeriesRequest): ColumnSeries[] {
    return this.#read((tables) => readSeries(tables, requireRun(tables, id), request));
  }

  seal(id: string): Promise<void> {
    return this.#sealer.seal(id);
  }

  sealSome(id: string, signal?: AbortSignal): Promise<boolean> {
    return this.#sealer.sealSome(id, signal);
  }

  usage(): StoreUsage {
    return this.#read(() => this.#databases.usage());
  }

  footprint(id: string): Footprint {
    return this.#read((tables) => footprintOf(tables, requireRun(tables, id)));
  }

  async thin(id: string, to: Thinned): Promise<void> {
    await this.#databases.transaction((tables) => thinRun(tables, id, to));
    await this.#sweeper.sweep(id);
  }

  check(progress?: (runs: number) => void): StoreReport {
    return this.#read((tables) => checkStore(tables, progress));
  }

  origin(): RunOrigin {
    return new RunOrigin(this.#databases);
  }

  copy(id: string, from: RunOrigin): Promise<'added' | 'repeated'> {
    return this.#copier.copy(id, from);
  }

  backup(file: string): Promise<void> {
    return this.#databases.backup(file);
  }

  openBackup(): Promise<FileHandle> {
    return this.#databases.openBackup();
  }

  close(): Promise<void> {
    return this.#databases.close();
  }

  /** All that `read` sees is of one moment, also while another process seals or removes the run. */
  #read<T>(read: (tables: Tables) => T): T {
    try {
      return read(this.#databases.refresh());
    } catch (error) {
      throw asStoreError(this.folder, error);
    }
  }
}
