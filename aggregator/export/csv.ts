/**
 * The samples of a run as CSV (RFC 4180): one row for each subject at each moment at which anything of it was read,
 * in the order of time. First come `time_ms` (since the start of the run), `subject` (process, container, host, device, volume, output), `key`,
 * `pid` and `comm`; then one column for each column of the run's metrics. A name that ends in `_s` holds seconds, one
 * in `Bytes` bytes, any other a plain number; what was not read at that moment is empty.
 */
import type { Column } from '../../protocol/metrics.ts';
import type { ExportedRun } from './exported-run.ts';
import { type RowSubject, sampleTable } from './sample-rows.ts';

const IDENTITY = ['time_ms', 'subject', 'key', 'pid', 'comm'];

export function* exportCsv(exported: ExportedRun): Generator<string> {
  const { columns, rows } = sampleTable(exported);
  yield `${[...IDENTITY, ...columns.map(header)].join(',')}\r\n`;
  for (const { timeMs, of, values } of rows) {
    yield `${timeMs},${identity(of)},${values.map((value) => value ?? '').join(',')}\r\n`;
  }
}

function header({ name, unit }: Column): string {
  return unit === 's' ? `${name}_s` : name;
}

function identity({ subject, key, pid, comm }: RowSubject): string {
  return [subject, key, String(pid ?? ''), comm ?? ''].map(field).join(',');
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
