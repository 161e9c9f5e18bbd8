/** A Store in memory, and records to put into it. */

import type { FileHandle } from 'node:fs/promises';
import type {
  Acknowledgement,
  ColumnSeries,
  MemberRecord,
  ProcessEntry,
  RunDirectory,
  RunRecord,
  SeriesRequest,
  Store,
} from '../../aggregator/store/model.ts';
import type { RunState } from '../../aggregator/store/run-state.ts';
import type { Batch } from '../../protocol/batch.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { type MeasureName, measureByName } from '../../protocol/measures.ts';
import { type ColumnName, columnByName } from '../../protocol/metrics.ts';

export const START_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

export function columnId(name: ColumnName): number {
  const column = columnByName(name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return column.id;
}

/** Stored integers by the names of their measures. */
export function totalsOf(values: Partial<Record<MeasureName, number>>): MemberRecord['totals'] {
  return Object.entries(values).map(([name, value]) => [measureByName(name)?.id ?? 0, value]);
}

export function member(change: Partial<MemberRecord> = {}): MemberRecord {
  return {
    agent: '0'.repeat(32),
    name: 'box',
    epochMs: START_MS,
    lastSequence: 0,
    lastSeenMs: START_MS,
    totals: [],
    outcome: { endedAtMs: START_MS + 1000, exitCode: 0, reason: 'exited' },
    ...change,
  };
}

/** A member that has not said how it ended. */
export function openMember(change: Partial<MemberRecord> = {}): MemberRecord {
  const { outcome: _, ...rest } = member(change);
  return rest;
}

/** Run `number` of `train`, an hour after the one before it. */
export function run(number: number, change: Partial<RunRecord> = {}): RunRecord {
  return {
    id: `run-${change.workload?.name ?? 'train'}-${String(number).padStart(4, '0')}`,
    workload: { kind: 'Local', name: 'train' },
    number,
    startedAtMs: START_MS + number * 3_600_000,
    intervalMs: 100,
    metrics: ['performance'],
    command: ['./train'],
    tags: {},
    pinned: false,
    agentVersion: '0.1.0',
    members: [member()],
    sealed: true,
    ...change,
  };
}

export function processEntry(change: Partial<ProcessEntry> = {}): ProcessEntry {
  return {
    member: 0,
    index: 0,
    pid: 100 + (change.index ?? 0),
    parent: undefined,
    role: 'target',
    comm: 'train',
    args: undefined,
    container: undefined,
    startMs: 0,
    endMs: undefined,
    endBoundMs: undefined,
    exitCode: undefined,
    ...change,
  };
}

/** Samples of one column as `[ms, stored integer]`. */
export function series(
  column: ColumnName,
  samples: readonly (readonly [ms: number, value: number])[],
  subject: Partial<Pick<ColumnSeries, 'subject' | 'member' | 'index'>> = {},
): ColumnSeries {
  return {
    subject: 'process',
    member: 0,
    index: 0,
    ...subject,
    column: columnId(column),
    times: Float64Array.from(samples, ([ms]) => ms),
    values: Float64Array.from(samples, ([, value]) => value),
  };
}

/** The store's rule without a look at the writer: a member without an outcome still runs. */
export function stateOf(record: RunRecord): RunState {
  return record.members.every((one) => one.outcome !== undefined) ? 'finished' : 'running';
}

export const emptyDirectory: RunDirectory = { processes: [], containers: [], events: [] };

export class FakeStore implements Store {
  readonly folder = '/nowhere';
  readonly isWritable = true;
  readonly records = new Map<string, RunRecord>();
  readonly directories = new Map<string, RunDirectory>();
  readonly samples = new Map<string, readonly ColumnSeries[]>();
  readonly requests: SeriesRequest[] = [];
  readonly appended: Uint8Array[] = [];

  constructor(...records: readonly RunRecord[]) {
    for (const record of records) this.put(record);
  }

  put(record: RunRecord, directory: Partial<RunDirectory> = {}, samples: readonly ColumnSeries[] = []): void {
    this.records.set(record.id, record);
    this.directories.set(record.id, { ...emptyDirectory, ...directory });
    this.samples.set(record.id, samples);
  }

  async append(bytes: Uint8Array, { agent, sequence }: Batch): Promise<Acknowledgement> {
    const duplicate = this.appended.some((one) => Buffer.compare(one, bytes) === 0);
    if (!duplicate) this.appended.push(bytes);
    return { agent, sequence, duplicate };
  }

  run(id: string): RunRecord | undefined {
    return this.records.get(id);
  }

  runs(range: { readonly workload?: string } = {}): RunRecord[] {
    return [...this.records.values()]
      .filter((one) => range.workload === undefined || one.workload.name === range.workload)
      .sort((a, b) => b.startedAtMs - a.startedAtMs);
  }

  runByNumber(workload: string, number: number): RunRecord | undefined {
    return this.runs({ workload }).find((one) => one.number === number);
  }

  async update(id: string, change: (record: RunRecord) => RunRecord): Promise<RunRecord> {
    const record = this.records.get(id);
    if (record === undefined) throw new PodometerError('PODO_RUN_NOT_FOUND', `no ${id}`, 'none');
    const changed = change(record);
    this.records.set(id, changed);
    return changed;
  }

  async remove(id: string): Promise<void> {
    this.records.delete(id);
  }

  directory(id: string): RunDirectory {
    return this.directories.get(id) ?? emptyDirectory;
  }

  series(id: string, request: SeriesRequest): ColumnSeries[] {
    this.requests.push(request);
    return (this.samples.get(id) ?? [])
      .filter((one) => request.columns.includes(one.column))
      .filter((one) => request.subjects?.some((subject) => isOf(one, subject)) ?? true)
      .map((one) => clipped(one, request));
  }

  async seal(): Promise<void> {}

  openBackup(): Promise<FileHandle> {
    throw new Error('there is no file behind this store');
  }

  async close(): Promise<void> {}
}

type Subject = NonNullable<SeriesRequest['subjects']>[number];

function isOf(one: ColumnSeries, { kind, member, index }: Subject): boolean {
  return one.subject === kind && one.member === member && one.index === index;
}

function clipped(one: ColumnSeries, { fromMs = -Infinity, toMs = Infinity }: SeriesRequest): ColumnSeries {
  const kept = [...one.times.keys()].filter((i) => {
    const time = one.times[i] as number;
    return time >= fromMs && time <= toMs;
  });
  const pick = (from: Float64Array): Float64Array => Float64Array.from(kept, (i) => from[i] as number);
  return { ...one, times: pick(one.times), values: pick(one.values) };
}
