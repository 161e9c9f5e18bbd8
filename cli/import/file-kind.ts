/** What a file is, by its content: its name says nothing. */
import { closeSync, openSync, readSync } from 'node:fs';
import { malformed } from './malformed.ts';

/**
 * `batches`: what `podometer run` kept in a file. `store`: a history, or a backup of one. `run`: a run exported as JSON.
 * `figures`: Prometheus or OpenMetrics text.
 */
export type ImportKind = 'batches' | 'store' | 'run' | 'figures';

const HEAD_BYTES = 8192;
const SHOWN = 40;

/** Of LMDB's first page. */
const LMDB_MAGIC = 0xbeefc0de;
const LMDB_MAGIC_AT = 24;
const BATCH_MAGIC = 'PODB';
const BATCH_MAGIC_AT = 4;

const JSON_START = /^\s*\{\s*("(?:[^"\\]|\\.)*"\s*:|\}|$)/;
const NDJSON_ROW = /^\{"timeMs":/;
const METADATA = /^#[ \t]+(TYPE|HELP|UNIT|EOF)\b/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*[ \t]*(\{.*\})?|\{.*\})[ \t]*[ \t}][+-]?(\d|\.\d|inf|nan)/i;

/** Throws PODO_IMPORT_MALFORMED with what was found, where it is none of them. */
export function kindOf(path: string): ImportKind {
  const head = readHead(path);
  if (head.length > LMDB_MAGIC_AT + 4 && head.readUInt32LE(LMDB_MAGIC_AT) === LMDB_MAGIC) return 'store';
  if (textAt(head, BATCH_MAGIC_AT, BATCH_MAGIC.length) === BATCH_MAGIC) return 'batches';
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  if (JSON_START.test(text) && !NDJSON_ROW.test(text)) return 'run';
  if (isFigures(text)) return 'figures';
  throw malformed(
    `${path} is nothing that can be taken in: it ${foundIn(head, text)}`,
    'Give a file of batches, a history or a backup, a run exported with --format json, or Prometheus or OpenMetrics text.',
  );
}

/** By its first line that is no comment. */
function isFigures(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const first = lines.find((line) => !line.startsWith('#'));
  if (first !== undefined && SAMPLE.test(first)) return true;
  return METADATA.test(lines[0] ?? '') && (first === undefined || first === lines.at(-1));
}

const SIGNATURES: readonly (readonly [start: RegExp | string, what: string])[] = [
  [/^$/, 'is empty'],
  [NDJSON_ROW, 'is NDJSON, which holds rows in units and not all of a run'],
  ['time_ms,subject,', 'is CSV, which holds rows in units and not all of a run'],
  ['PAR1', 'is Parquet, which holds rows in units and not all of a run'],
  [/^\s*<(!doctype|html)/i, 'is HTML, which holds charts and not all of a run'],
  ['\x1f\x8b', 'is compressed (gzip)'],
  ['(\xb5/\xfd', 'is compressed (zstd)'],
  ['PK\x03\x04', 'is a ZIP archive'],
];

function foundIn(head: Buffer, text: string): string {
  const bytes = head.toString('latin1');
  const known = SIGNATURES.find(([start]) =>
    typeof start === 'string' ? bytes.startsWith(start) : start.test(bytes),
  );
  if (known !== undefined) return known[1];
  const isText = !text.includes('\0') && !text.slice(0, SHOWN).includes('\ufffd');
  return isText
    ? `begins with ${JSON.stringify(text.trimStart().split('\n')[0]?.slice(0, SHOWN))}`
    : `begins with the bytes ${head.subarray(0, 8).toString('hex')}`;
}

function textAt(head: Buffer, at: number, length: number): string {
  return head.toString('latin1', at, at + length);
}

function readHead(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(fd, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}
