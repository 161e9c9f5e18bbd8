/** The newest figures of one member of a run. */
import type { ProcessEnd, ProcessRecord, SubjectKindOnWire } from '../../protocol/batch.ts';
import { columnById, columnByName } from '../../protocol/metrics.ts';
import { unitValue } from '../query/unit-value.ts';
import type { RunDirectory, RunRecord } from '../store/model.ts';
import type { LivePoint } from './live-point.ts';
import { memberAttributes } from './member-attributes.ts';

/** The last values of one block. */
export interface LastRow {
  readonly subject: SubjectKindOnWire;
  readonly index: number;
  /** Column ids. */
  readonly columns: readonly number[];
  readonly values: readonly number[];
}

/** What one batch tells. */
export interface LiveUpdate {
  readonly containers: readonly { readonly index: number; readonly name: string }[];
  readonly processes: readonly Pick<ProcessRecord, 'index' | 'comm' | 'container' | 'startMs'>[];
  readonly rows: readonly LastRow[];
  readonly ends: readonly Pick<ProcessEnd, 'index'>[];
  /** ms since the Unix epoch. */
  readonly atMs: number;
}

interface LiveProcess {
  readonly comm: string;
  readonly container: number | undefined;
  /** Its counters began at zero within the run. */
  readonly beganHere: boolean;
  readonly last: Map<number, number>;
}

/** Names that a container shows by themselves; all others together are `other`. */
const MOST_NAMES = 10;
const OTHER = 'other';
const CPU_COLUMNS = new Set(
  (['utimeTicks', 'stimeTicks'] as const).map((name) => columnByName(name)?.id ?? Number.NaN),
);

export class LiveMember {
  readonly #attributes: Readonly<Record<string, string>>;
  readonly #containers = new Map<number, string>();
  readonly #processes = new Map<number, LiveProcess>();
  /** By container: the names that are shown by themselves. */
  readonly #names = new Map<number | undefined, Set<string>>();
  /** Counters of processes, dead ones too: container, name and column → the sum. */
  readonly #sums = new Map<string, number>();
  /** Containers and hosts: the newest values. */
  readonly #others = new Map<string, LastRow>();
  seenAtMs = 0;

  /** `directory`: what the run's batches told so far. */
  constructor(record: RunRecord, place: number, directory: RunDirectory) {
    this.#attributes = memberAttributes(record, place);
    const own = <T extends { readonly member: number }>(list: readonly T[]) =>
      list.filter(({ member }) => member === place);
    for (const { index, name } of own(directory.containers)) this.#containers.set(index, name);
    const living = own(directory.processes).filter(({ endMs }) => endMs === undefined);
    // What their counters were before this program began is not known here.
    for (const process of living) this.#begin({ ...process, startMs: Number.NEGATIVE_INFINITY });
  }

  take({ containers, processes, rows, ends, atMs }: LiveUpdate): void {
    this.seenAtMs = atMs;
    for (const { index, name } of containers) this.#containers.set(index, name);
    for (const process of processes) this.#begin(process);
    for (const row of rows) {
      if (row.subject === 'process') this.#count(row);
      else if (row.subject === 'container' || row.subject === 'host') {
        this.#others.set(`${row.subject} ${row.index} ${row.columns[0]}`, row);
      }
    }
    for (const { index } of ends) this.#processes.delete(index);
  }

  points(): LivePoint[] {
    const gauges = new Map<string, number>();
    for (const process of this.#processes.values()) {
      for (const [column, value] of process.last) {
        if (columnById(column)?.kind !== 'gauge') continue;
        const key = this.#keyOf(process, column);
        gauges.set(key, (gauges.get(key) ?? 0) + value);
      }
    }
    return [
      ...[...this.#sums, ...gauges].flatMap(([key, value]) => this.#processPoint(key, value)),
      ...[...this.#others.values()].flatMap((row) => this.#otherPoints(row)),
    ];
  }

  /** A process that is told again has another name now; its counters go on. */
  #begin({ index, comm, container, startMs }: LiveUpdate['processes'][number]): void {
    const last = this.#processes.get(index)?.last ?? new Map<number, number>();
    this.#processes.set(index, { comm, container, beganHere: startMs >= 0, last });
  }

  #count({ index, columns, values }: LastRow): void {
    const process = this.#processes.get(index);
    if (process === undefined) return;
    for (const [c, column] of columns.entries()) {
      const value = Number(values[c]);
      const before = process.last.get(column) ?? (process.beganHere ? 0 : value);
      process.last.set(column, value);
      if (columnById(column)?.kind !== 'counter') continue;
      if (CPU_COLUMNS.has(column) && value > before) this.#show(process);
      const key = this.#keyOf(process, column);
      this.#sums.set(key, (this.#sums.get(key) ?? 0) + Math.max(0, value - before));
    }
  }

  #show({ container, comm }: LiveProcess): void {
    const names = this.#names.get(container) ?? new Set();
    this.#names.set(container, names);
    if (names.size < MOST_NAMES) names.add(comm);
  }

  #keyOf({ container, comm }: LiveProcess, column: number): string {
    const name = this.#names.get(container)?.has(comm) ? comm : OTHER;
    return JSON.stringify([container ?? null, name, column]);
  }

  #processPoint(key: string, value: number): LivePoint[] {
    const [container, name, id] = JSON.parse(key) as [number | null, string, number];
    const column = columnById(id);
    if (column === undefined) return [];
    const attributes = { ...this.#ofContainer(container ?? undefined), 'process.executable.name': name };
    return [{ column, attributes, value: unitValue(value, column) }];
  }

  #otherPoints({ subject, index, columns, values }: LastRow): LivePoint[] {
    const attributes = this.#ofContainer(subject === 'container' ? index : undefined);
    return columns.flatMap((id, c) => {
      const column = columnById(id);
      return column === undefined
        ? []
        : [{ column, attributes, value: unitValue(Number(values[c]), column) }];
    });
  }

  #ofContainer(index: number | undefined): Record<string, string> {
    const name = index === undefined ? undefined : this.#containers.get(index);
    return { ...this.#attributes, ...(name !== undefined && { 'k8s.container.name': name }) };
  }
}
