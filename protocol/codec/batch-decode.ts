/** Reads a batch in the format that batch.ts describes. Everything is checked; nothing in the bytes is believed. */
import type { Batch, Block } from '../batch.ts';
import { BATCH_VERSION, emptyContent } from '../batch.ts';
import { PodometerError } from '../errors.ts';
import type { RunResult } from '../results.ts';
import type { RunDeclaration, RunEvent, RunOutcome } from '../run.ts';
import { BATCH_MAGIC, MOST_BATCH_BYTES, MOST_BATCH_CELLS, RECORD } from './batch-format.ts';
import {
  readContainer,
  readEnd,
  readJson,
  readList,
  readOutput,
  readProcess,
  readStorage,
  readText,
  readTotal,
} from './batch-records.ts';
import { decodeBlockHead, decodeBlockValues, decodeLastRow, MOST_ROWS } from './block.ts';
import { crc32 } from './crc32.ts';
import { type Deflater, unpack } from './deflater.ts';
import { ByteReader, malformed } from './varint.ts';

const CRC_BYTES = 4;
/** By byte: its two digits. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

type Draft = { -readonly [K in keyof Batch]: Batch[K] };

/** Judges the JSON records; each throws PODO_BATCH_MALFORMED. */
export interface JsonChecks {
  declaration(value: unknown): RunDeclaration;
  events(value: unknown): RunEvent[];
  outcome(value: unknown): RunOutcome;
  results(value: unknown): RunResult[];
}

/**
 * For batches of this program itself, and those that were checked on their way in. (The schemas of batch-json.ts are for
 * all others; loading them takes longer than many a run.)
 */
export const checkedBefore: JsonChecks = {
  declaration: (value) => value as RunDeclaration,
  events: (value) => value as RunEvent[],
  outcome: (value) => value as RunOutcome,
  results: (value) => value as RunResult[],
};

/**
 * `rows`: the last one of each block is all that stays of it, though all are checked; nearly all of a batch's memory is in its
 * rows. Throws PODO_BATCH_MALFORMED, PODO_BATCH_VERSION or PODO_BATCH_TOO_LARGE.
 */
export function decodeBatch(
  bytes: Uint8Array,
  checks: JsonChecks,
  deflater: Deflater,
  rows: 'all' | 'last' = 'all',
): Batch {
  const reader = openBatch(bytes);
  let strings: readonly string[] = [];
  let draft: Draft | undefined;
  for (
    let type = reader.byte('a record type'), before = 0;
    type !== RECORD.end;
    type = reader.byte('a record type')
  ) {
    if (type <= before) throw malformed(`record type ${type} follows ${before}`);
    before = type;
    const body = reader.part(reader.varint('a record length'), 'a record');
    if (type === RECORD.header) draft = readHeader(body);
    else if (draft === undefined) throw malformed('it does not begin with a header');
    else if (type === RECORD.declaration) draft.declaration = readJson(body, checks.declaration);
    else if (type === RECORD.strings) strings = readList(body, readText);
    else if (type === RECORD.containers)
      draft.containers = readList(body, (part) => readContainer(part, strings));
    else if (type === RECORD.processes)
      draft.processes = readList(body, (part) => readProcess(part, strings));
    else if (type === RECORD.ticks) draft.ticks = readTicks(body);
    else if (type === RECORD.blocks) draft.blocks = readBlocks(body, draft.ticks.length, deflater, rows);
    else if (type === RECORD.ends) draft.ends = readList(body, readEnd);
    else if (type === RECORD.events) draft.events = readJson(body, checks.events);
    else if (type === RECORD.totals) draft.totals = new Map(readList(body, readTotal));
    else if (type === RECORD.outcome) draft.outcome = readJson(body, checks.outcome);
    else if (type === RECORD.storage) draft.storage = readList(body, (part) => readStorage(part, strings));
    else if (type === RECORD.outputs) draft.outputs = readList(body, (part) => readOutput(part, strings));
    else if (type === RECORD.results) draft.results = readJson(body, checks.results);
    else continue;
    body.end('a record');
  }
  reader.end('the last record');
  if (draft === undefined) throw malformed('it is empty');
  return draft;
}

function openBatch(bytes: Uint8Array): ByteReader {
  if (bytes.length > MOST_BATCH_BYTES) {
    throw new PodometerError(
      'PODO_BATCH_TOO_LARGE',
      `The batch has ${bytes.length} bytes; the limit is ${MOST_BATCH_BYTES}`,
      'Send smaller batches, more often.',
    );
  }
  const reader = new ByteReader(bytes, 0, Math.max(0, bytes.length - CRC_BYTES));
  const magic = reader.take(BATCH_MAGIC.length, 'the magic');
  if (!BATCH_MAGIC.every((byte, i) => byte === magic[i])) throw malformed('it does not begin with "PODB"');
  const version = reader.byte('the version');
  if (version !== BATCH_VERSION) {
    throw new PodometerError(
      'PODO_BATCH_VERSION',
      `The batch has format version ${version}; this version reads ${BATCH_VERSION}`,
      'Upgrade the aggregator before its agents.',
    );
  }
  const expected = new ByteReader(bytes, bytes.length - CRC_BYTES).uint32('the checksum');
  if (crc32(bytes.subarray(0, bytes.length - CRC_BYTES)) !== expected)
    throw malformed('its checksum does not match');
  return reader;
}

function readHeader(body: ByteReader): Draft {
  let agent = '';
  for (const byte of body.take(16, 'the agent')) agent += HEX[byte];
  const sequence = body.varint('the sequence');
  const epochMs = body.varint('the epoch');
  const run = readText(body);
  if (run === '') throw malformed('the run id is empty');
  return {
    agent,
    sequence,
    epochMs,
    run,
    ...emptyContent(),
  };
}

function readTicks(body: ByteReader): number[] {
  let delta = 0;
  let tick = 0;
  return Array.from({ length: body.count('the number of ticks') }, (_, i) => {
    const step = body.zigzag('a tick') + delta;
    if (i > 0 && step <= 0) throw malformed(`tick ${i} is not after the one before`);
    tick = i === 0 ? step : tick + step;
    if (!Number.isSafeInteger(tick)) throw malformed(`tick ${i} is above 2^53`);
    delta = i === 0 ? 0 : step;
    return tick;
  });
}

function readBlocks(body: ByteReader, tickCount: number, deflater: Deflater, rows: 'all' | 'last'): Block[] {
  const length = body.varint('the length of the blocks');
  if (length > MOST_BATCH_BYTES) throw malformed(`its blocks are ${length} bytes long`);
  const reader = new ByteReader(
    unpack({ length, stored: body.take(body.remaining, 'the blocks') }, deflater),
  );
  const scratch = new Float64Array(rows === 'all' ? 0 : Math.min(tickCount, MOST_ROWS));
  const blocks: Block[] = [];
  for (let cells = 0; reader.remaining > 0; ) {
    const head = decodeBlockHead(reader, tickCount);
    cells += head.columns.length * head.ticks.length;
    if (cells > MOST_BATCH_CELLS) throw malformed(`it has more than ${MOST_BATCH_CELLS} values`);
    if (rows === 'all') blocks.push({ ...head, values: decodeBlockValues(reader, head) });
    else blocks.push(decodeLastRow(reader, head, scratch));
  }
  return blocks;
}
