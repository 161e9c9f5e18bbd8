/** The forms in which a run leaves. */
import type { ExportFormat } from '../../protocol/query.ts';
import { exportChromeTrace } from './chrome-trace.ts';
import { exportCsv } from './csv.ts';
import type { ExportedRun } from './exported-run.ts';
import { exportHtml } from './html.ts';
import { exportJson } from './json.ts';
import { exportNdjson } from './ndjson.ts';
import { exportOpenMetrics } from './open-metrics.ts';
import { exportParquet } from './parquet.ts';

/** Text or bytes, each piece made when it is asked for. */
export type Pieces = Iterable<string | Uint8Array>;

interface ExportForm {
  readonly contentType: string;
  /** Of a file. */
  readonly suffix: string;
  /** `pageFolder`: of the built page, which HTML is made from. */
  readonly write: (exported: ExportedRun, pageFolder: string | undefined) => Pieces;
}

const NDJSON = 'application/x-ndjson';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

export const exportForms: Readonly<Record<ExportFormat, ExportForm>> = {
  json: { contentType: 'application/json', suffix: '.json', write: exportJson },
  ndjson: { contentType: NDJSON, suffix: '.ndjson', write: exportNdjson },
  csv: { contentType: 'text/csv; charset=utf-8', suffix: '.csv', write: exportCsv },
  parquet: { contentType: 'application/vnd.apache.parquet', suffix: '.parquet', write: exportParquet },
  trace: { contentType: 'application/json', suffix: '.trace.json', write: exportChromeTrace },
  openmetrics: { contentType: OPEN_METRICS, suffix: '.om', write: exportOpenMetrics },
  html: { contentType: 'text/html; charset=utf-8', suffix: '.html', write: exportHtml },
};

/** `train@13.csv`; characters that are not safe in the names of files become `_`. */
export function safeFileName(name: string, suffix: string): string {
  return `${name.replaceAll(/[^\w.@=-]/g, '_')}${suffix}`;
}

const CHUNK_BYTES = 64 * 1024;

/** The same pieces joined into larger ones. */
export function* inChunks(pieces: Pieces): Generator<Buffer> {
  let pending: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    pending.push(bytes);
    size += bytes.length;
    if (size < CHUNK_BYTES) continue;
    yield Buffer.concat(pending);
    pending = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(pending);
}
