/** Reads what the records of a batch are made of, apart from its samples. All throw PODO_BATCH_MALFORMED. */
import type { ContainerRecord, OutputRecord, ProcessEnd, ProcessRecord, StorageRecord } from '../batch.ts';
import { PodometerError } from '../errors.ts';
import { MOST_DECIMALS, ROLES, STORAGE_KINDS } from './batch-format.ts';
import { type ByteReader, malformed } from './varint.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function readList<T>(body: ByteReader, read: (body: ByteReader) => T): T[] {
  return Array.from({ length: body.count('a count') }, () => read(body));
}

export function readText(body: ByteReader): string {
  try {
    return utf8.decode(body.take(body.varint('the length of a string'), 'a string'));
  } catch (error) {
    if (error instanceof PodometerError) throw error;
    throw malformed('a string is not UTF-8', error);
  }
}

export function readJson<T>(body: ByteReader, check: (value: unknown) => T): T {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body.take(body.remaining, 'a JSON record')));
  } catch (error) {
    throw malformed('a record is not JSON', error);
  }
  return check(value);
}

export function readContainer(body: ByteReader, strings: readonly string[]): ContainerRecord {
  return { index: body.varint('a container index'), name: readReference(body, strings) };
}

export function readProcess(body: ByteReader, strings: readonly string[]): ProcessRecord {
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

export function readStorage(body: ByteReader, strings: readonly string[]): StorageRecord {
  const kind = STORAGE_KINDS[body.byte('a kind of storage')];
  if (kind === undefined) throw malformed('a kind of storage is not known');
  const index = body.varint('an index of storage');
  const container = readOptional(body, 'a container');
  const place = readReference(body, strings);
  const name = readOptional(body, 'a name of storage');
  return { kind, index, container, place, name: name === undefined ? undefined : lookUp(strings, name) };
}

export function readOutput(body: ByteReader, strings: readonly string[]): OutputRecord {
  const index = body.varint('an index of an output');
  const name = readReference(body, strings);
  const decimals = body.zigzag('the decimals of an output');
  if (Math.abs(decimals) > MOST_DECIMALS) throw malformed(`an output has ${decimals} decimals`);
  return { index, name, decimals };
}

export function readEnd(body: ByteReader): ProcessEnd {
  return {
    index: body.varint('a process index'),
    endMs: body.zigzag('an end time'),
    boundMs: body.varint('the bound of an end time'),
    exitCode: readOptional(body, 'an exit code'),
  };
}

export function readTotal(body: ByteReader): [number, number] {
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
