/** Reads a batch in the format that batch.ts describes. Everything is checked; nothing in the bytes is believed. */
import type {
  Batch,
  Block,
  ContainerRecord,
  OutputRecord,
  ProcessEnd,
  ProcessRecord,
  StorageRecord,
} from '../batch.ts';
import { BATCH_VERSION, emptyContent } from '../batch.ts';
import { PodometerError } from '../errors.ts';
import type { RunResult } from '../results.ts';
import type { RunDeclaration, RunEvent, RunOutcome } from '../run.ts';
import {
  BATCH_MAGIC,
  MOST_BATCH_BYTES,
  MOST_BATCH_CELLS,
  MOST_DECIMALS,
  RECORD,
  ROLES,
  STORAGE_KINDS,
} from './batch-format.ts';
import { decodeBlockHead, decodeBlockValues } from './block.ts';
import { crc32 } from './crc32.ts';
import { type Deflater, unpack } from './deflater.ts';
import { ByteReader, malformed } from './varint.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const CRC_BYTES = 4;

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

/** Throws PODO_BATCH_MALFORMED, PODO_BATCH_VERSION or PODO_BATCH_TOO_LARGE. */
export function decodeBatch(bytes: Uint8Array, checks: JsonChecks, deflater: Deflater): Batch {
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
    else if (type === RECORD.blocks) draft.blocks = readBlocks(body, draft.ticks.length, deflater);
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
  const agent = Array.from(body.take(16, 'the agent'), (byte) => byte.toString(16).padStart(2, '0')).join('');
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

function readList<T>(body: ByteReader, read: (body: ByteReader) => T): T[] {
  return Array.from({ length: body.count('a count') }, () => read(body));
}

function readText(body: ByteReader): string {
  try {
    return utf8.decode(body.take(body.varint('the length of a string'), 'a string'));
  } catch (error) {
    if (error instanceof PodometerError) throw error;
    throw malformed('a string is not UTF-8', error);
  }
}

function readJson<T>(body: ByteReader, check: (value: unknown) => T): T {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body.take(body.remaining, 'a JSON record')));
  } catch (error) {
    throw malformed('a record is not JSON', error);
  }
  return check(value);
}

function readContainer(body: ByteReader, strings: readonly string[]): ContainerRecord {
  return { index: body.varint('a container index'), name: readReference(body, strings) };
}

function readProcess(body: ByteReader, strings: readonly string[]): ProcessRecord {
  const index = body.varint('a process index');
  const pid = body.varint('a pid');
  const parent = readOptional(body, 'a parent');
  const role = ROLES[body.byte('a role')];
  if (role === undefined) throw malformed('a role is not known');
  const startMs = body.zigzag('a start time');
  const comm = readReference(body, strings);
  const args = readOptional(body, 'the arguments');
  const container = readOptional(body, 'a container');
  return {
    index,
    pid,
    parent,
    role,
    startMs,
    comm,
    args: args === undefined ? undefined : lookUp(strings, args),
    container,
  };
}

function readStorage(body: ByteReader, strings: readonly string[]): StorageRecord {
  const kind = STORAGE_KINDS[body.byte('a kind of storage')];
  if (kind === undefined) throw malformed('a kind of storage is not known');
  const index = body.varint('an index of storage');
  const container = readOptional(body, 'a container');
  const place = readReference(body, strings);
  const name = readOptional(body, 'a name of storage');
  return { kind, index, container, place, name: name === undefined ? undefined : lookUp(strings, name) };
}

function readOutput(body: ByteReader, strings: readonly string[]): OutputRecord {
  const index = body.varint('an index of an output');
  const name = readReference(body, strings);
  const decimals = body.zigzag('the decimals of an output');
  if (Math.abs(decimals) > MOST_DECIMALS) throw malformed(`an output has ${decimals} decimals`);
  return { index, name, decimals };
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

function readBlocks(body: ByteReader, tickCount: number, deflater: Deflater): Block[] {
  const length = body.varint('the length of the blocks');
  if (length > MOST_BATCH_BYTES) throw malformed(`its blocks are ${length} bytes long`);
  const reader = new ByteReader(
    unpack({ length, stored: body.take(body.remaining, 'the blocks') }, deflater),
  );
  const blocks: Block[] = [];
  for (let cells = 0; reader.remaining > 0; ) {
    const head = decodeBlockHead(reader, tickCount);
    cells += head.columns.length * head.ticks.length;
    if (cells > MOST_BATCH_CELLS) throw malformed(`it has more than ${MOST_BATCH_CELLS} values`);
    blocks.push({ ...head, values: decodeBlockValues(reader, head) });
  }
  return blocks;
}

function readEnd(body: ByteReader): ProcessEnd {
  return {
    index: body.varint('a process index'),
    endMs: body.zigzag('an end time'),
    boundMs: body.varint('the bound of an end time'),
    exitCode: readOptional(body, 'an exit code'),
  };
}

function readTotal(body: ByteReader): [number, number] {
  return [body.varint('a measure'), body.varint('the value of a measure')];
}

function readOptional(body: ByteReader, what: string): number | undefined {
  const value = body.varint(what);
  return value === 0 ? undefined : value - 1;
}

function readReference(body: ByteReader, strings: readonly string[]): string {
  return lookUp(strings, body.varint('a string index'));
}

function lookUp(strings: readonly string[], index: number): string {
  const text = strings[index];
  if (text === undefined) throw malformed(`string ${index} of ${strings.length} is referred to`);
  return text;
}
