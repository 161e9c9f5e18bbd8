/**
 * The samples of a run as rows: one for each subject at each moment at which anything of it was read, in the order of
 * time. What CSV, NDJSON and Parquet are made from.
 */
import { columns as allColumns, type Column } from '../../protocol/metrics.ts';
import { columnScales, type ScaleOf } from '../query/column-scales.ts';
import { subjectKeys } from '../query/subject-names.ts';
import { processKey } from '../query/summary.ts';
import { unitValue } from '../query/unit-value.ts';
import type { ColumnSeries } from '../store/model.ts';
import { type ExportedRun, seriesByTime } from './exported-run.ts';

export interface RowSubject {
  readonly subject: ColumnSeries['subject'];
  /** As in the HTTP API's series. */
  readonly key: string;
  readonly member: string;
  readonly container?: string;
  /** Of a process. */
  readonly pid?: number;
  readonly comm?: string;
}

export interface SampleRow {
  /** Since the start of the run. */
  readonly timeMs: number;
  readonly of: RowSubject;
  /** In the order of the columns and in their units; undefined: not read at this moment. */
  readonly values: readonly (number | undefined)[];
}

export interface SampleTable {
  readonly columns: readonly Column[];
  readonly rows: Iterable<SampleRow>;
}

/** All columns of the run. */
export function sampleTable(exported: ExportedRun): SampleTable {
  const columns = columnsOf(exported);
  return { columns, rows: sampleRows(exported, columns) };
}

/** Those of the run's metrics, and of what its program told; `performance` is in every run. */
function columnsOf({ record, directory }: ExportedRun): Column[] {
  const metrics = ['performance', ...record.metrics, ...(directory.outputs === undefined ? [] : ['output'])];
  return allColumns.filter(({ metric }) => metrics.includes(metric));
}

/** Rows of these columns alone. */
export function* sampleRows(exported: ExportedRun, columns: readonly Column[]): Generator<SampleRow> {
  const subjectOf = subjects(exported);
  const scaleOf = columnScales(exported.directory);
  const ids = columns.map(({ id }) => id);
  for (const series of seriesByTime(exported, ids)) {
    const bySubject = Map.groupBy(series, ({ subject, member, index }) => `${subject} ${member}.${index}`);
    const cursors = [...bySubject.values()].map(
      (own) => new RowCursor(subjectOf(own[0] as ColumnSeries), own, columns, scaleOf),
    );
    for (const timeMs of momentsOf(series)) {
      for (const cursor of cursors) {
        if (cursor.nextMs === timeMs) yield cursor.take();
      }
    }
  }
}

/** Who a series is of, found once for each subject. */
function subjects({ record, directory }: ExportedRun): (series: ColumnSeries) => RowSubject {
  const keyOf = subjectKeys(record, directory);
  const processes = new Map(directory.processes.map((process) => [processKey(process), process]));
  const containers = new Map(directory.containers.map((one) => [processKey(one), one.name]));
  return (series) => {
    const { subject, member, index } = series;
    const process = subject === 'process' ? processes.get(processKey(series)) : undefined;
    const place = subject === 'container' ? index : process?.container;
    const container = place === undefined ? undefined : containers.get(processKey({ member, index: place }));
    return {
      subject,
      key: keyOf(series),
      member: record.members[member]?.name ?? '',
      ...(container !== undefined && { container }),
      ...(process && { pid: process.pid, comm: process.comm }),
    };
  };
}

/** Each once, in order. */
function momentsOf(series: readonly ColumnSeries[]): Float64Array {
  const moments = new Set<number>();
  for (const { times } of series) for (const time of times) moments.add(time);
  return Float64Array.from(moments).sort();
}

/** Goes along the columns of one subject at once. */
class RowCursor {
  readonly #of: RowSubject;
  readonly #width: number;
  readonly #columns: { readonly series: ColumnSeries; readonly place: number; readonly scale: number }[];
  readonly #positions: Uint32Array;
  /** Of the row that `take` gives. */
  nextMs: number;

  constructor(of: RowSubject, series: readonly ColumnSeries[], columns: readonly Column[], scaleOf: ScaleOf) {
    this.#of = of;
    this.#width = columns.length;
    const places = new Map(columns.map((column, place) => [column.id, { column, place }]));
    this.#columns = series.flatMap((one) => {
      const known = places.get(one.column);
      return known ? [{ series: one, place: known.place, scale: scaleOf(one, known.column) }] : [];
    });
    this.#positions = new Uint32Array(this.#columns.length);
    this.nextMs = this.#soonest();
  }

  take(): SampleRow {
    const timeMs = this.nextMs;
    const values: (number | undefined)[] = new Array(this.#width).fill(undefined);
    for (const [c, { series, place, scale }] of this.#columns.entries()) {
      const position = this.#positions[c] as number;
      if (series.times[position] !== timeMs) continue;
      values[place] = unitValue(series.values[position] as number, { scale });
      this.#positions[c] = position + 1;
    }
    this.nextMs = this.#soonest();
    return { timeMs, of: this.#of, values };
  }

  #soonest(): number {
    let soonest = Number.POSITIVE_INFINITY;
    for (const [c, { series }] of this.#columns.entries()) {
      soonest = Math.min(soonest, series.times[this.#positions[c] as number] ?? soonest);
    }
    return soonest;
  }
}
