/**
 * The samples of a run as Parquet: the rows of `sample-rows.ts`. `time` is a timestamp in UTC and `time_ms` ms since the
 * start of the run; then who the row is of; then the columns of the run's metrics, counts and bytes as INT64, seconds and
 * what the program told as DOUBLE. What was not read at that moment is null. The run's record, as the HTTP API
 * shows it, is in the metadata of the file under `podometer.run`.
 */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { Column } from '../../protocol/metrics.ts';
import type { ExportedRun } from './exported-run.ts';
import { type SampleRow, sampleTable } from './sample-rows.ts';

type ColumnSource = Parameters<ParquetWriter['write']>[0]['columnData'][number];

/** A group is held in memory whole. */
const ROWS_IN_GROUP = 20_000;

export function* exportParquet(exported: ExportedRun): Generator<Uint8Array> {
  const { columns, rows } = sampleTable(exported);
  const { record, run } = exported;
  const writer = new DrainedWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: schemaFromColumnData({ columnData: columnData([], columns, record.startedAtMs) }),
    kvMetadata: [{ key: 'podometer.run', value: JSON.stringify(run) }],
    createdBy: 'podometer',
  });
  for (const group of inGroups(rows)) {
    parquet.write({
      columnData: columnData(group, columns, record.startedAtMs),
      rowGroupSize: ROWS_IN_GROUP,
    });
    yield writer.drain();
  }
  parquet.finish();
  yield writer.drain();
}

/** Gives away what was written so far; `offset` goes on counting, as places in the file are told by it. */
class DrainedWriter extends ByteWriter {
  drain(): Uint8Array {
    const bytes = this.getBytes().slice();
    this.index = 0;
    return bytes;
  }
}

function* inGroups(rows: Iterable<SampleRow>): Generator<SampleRow[]> {
  let group: SampleRow[] = [];
  for (const row of rows) {
    group.push(row);
    if (group.length < ROWS_IN_GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function columnData(
  rows: readonly SampleRow[],
  columns: readonly Column[],
  startedAtMs: number,
): ColumnSource[] {
  const text = (name: string, nullable: boolean, read: (row: SampleRow) => string | undefined) => ({
    name,
    type: 'STRING' as const,
    nullable,
    data: rows.map((row) => read(row) ?? null),
  });
  return [
    {
      name: 'time',
      type: 'TIMESTAMP',
      nullable: false,
      data: rows.map(({ timeMs }) => new Date(startedAtMs + timeMs)),
    },
    { name: 'time_ms', type: 'DOUBLE', nullable: false, data: rows.map(({ timeMs }) => timeMs) },
    text('subject', false, ({ of }) => of.subject),
    text('key', false, ({ of }) => of.key),
    text('member', false, ({ of }) => of.member),
    text('container', true, ({ of }) => of.container),
    { name: 'pid', type: 'INT32', data: rows.map(({ of }) => of.pid ?? null) },
    text('comm', true, ({ of }) => of.comm),
    ...columns.map((column, place) => valueColumn(column, rows, place)),
  ];
}

function valueColumn(column: Column, rows: readonly SampleRow[], place: number): ColumnSource {
  const { name } = column;
  if (!isWhole(column))
    return { name, type: 'DOUBLE', data: rows.map(({ values }) => values[place] ?? null) };
  return {
    name,
    type: 'INT64',
    data: rows.map(({ values }) => {
      const value = values[place];
      // A level holds means, which need not be whole.
      return value === undefined ? null : BigInt(Math.round(value));
    }),
  };
}

function isWhole({ unit, scale, metric }: Column): boolean {
  return unit !== 's' && scale >= 1 && metric !== 'output';
}
