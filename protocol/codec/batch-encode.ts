/** Writes a batch in the format that batch.ts describes. */
import {
  BATCH_VERSION,
  type Batch,
  type Block,
  type ContainerRecord,
  type OutputRecord,
  type ProcessEnd,
  type ProcessRecord,
  type StorageRecord,
} from '../batch.ts';
import { BATCH_MAGIC, RECORD, ROLES, STORAGE_KINDS } from './batch-format.ts';
import { encodeBlock } from './block.ts';
import { crc32 } from './crc32.ts';
import { type Deflater, pack } from './deflater.ts';
import { ByteWriter } from './varint.ts';

const utf8 = new TextEncoder();

export function encodeBatch(batch: Batch, deflater: Deflater): Uint8Array {
  const out = new ByteWriter(4096);
  out.append(BATCH_MAGIC);
  out.byte(BATCH_VERSION);
  const strings = new Dictionary();
  const containers = body((writer) => writeContainers(batch.containers, strings, writer));
  const processes = body((writer) => writeProcesses(batch.processes, strings, writer));
  const storage = body((writer) => writeStorage(batch.storage ?? [], strings, writer));
  const outputs = body((writer) => writeOutputs(batch.outputs ?? [], strings, writer));
  record(
    out,
    RECORD.header,
    body((writer) => writeHeader(batch, writer)),
  );
  if (batch.declaration) record(out, RECORD.declaration, json(batch.declaration));
  if (strings.size > 0)
    record(
      out,
      RECORD.strings,
      body((writer) => writeStrings(strings, writer)),
    );
  if (batch.containers.length > 0) record(out, RECORD.containers, containers);
  if (batch.processes.length > 0) record(out, RECORD.processes, processes);
  if (batch.ticks.length > 0)
    record(
      out,
      RECORD.ticks,
      body((writer) => writeTicks(batch.ticks, writer)),
    );
  if (batch.blocks.length > 0)
    record(
      out,
      RECORD.blocks,
      body((writer) => writeBlocks(batch.blocks, deflater, writer)),
    );
  if (batch.ends.length > 0)
    record(
      out,
      RECORD.ends,
      body((writer) => writeEnds(batch.ends, writer)),
    );
  if (batch.events.length > 0) record(out, RECORD.events, json(batch.events));
  if (batch.totals.size > 0)
    record(
      out,
      RECORD.totals,
      body((writer) => writeTotals(batch.totals, writer)),
    );
  if (batch.outcome) record(out, RECORD.outcome, json(batch.outcome));
  if (batch.storage) record(out, RECORD.storage, storage);
  if (batch.outputs) record(out, RECORD.outputs, outputs);
  if (batch.results) record(out, RECORD.results, json(batch.results));
  out.byte(RECORD.end);
  out.uint32(crc32(out.view()));
  return out.view().slice();
}

/** The strings of one batch, each with the number by which its records refer to it. */
class Dictionary {
  readonly #indexes = new Map<string, number>();

  get size(): number {
    return this.#indexes.size;
  }

  get values(): Iterable<string> {
    return this.#indexes.keys();
  }

  indexOf(text: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.#indexes.size);
    return this.#indexes.size - 1;
  }
}

function body(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter(256);
  write(writer);
  return writer.view();
}

function record(out: ByteWriter, type: number, payload: Uint8Array): void {
  out.byte(type);
  out.varint(payload.length);
  out.append(payload);
}

function json(value: unknown): Uint8Array {
  return utf8.encode(JSON.stringify(value));
}

function writeText(text: string, writer: ByteWriter): void {
  const bytes = utf8.encode(text);
  writer.varint(bytes.length);
  writer.append(bytes);
}

function writeHeader(batch: Batch, writer: ByteWriter): void {
  writer.append(
    Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(batch.agent.slice(2 * i, 2 * i + 2), 16)),
  );
  writer.varint(batch.sequence);
  writer.varint(batch.epochMs);
  writeText(batch.run, writer);
}

function writeStrings(strings: Dictionary, writer: ByteWriter): void {
  writer.varint(strings.size);
  for (const text of strings.values) writeText(text, writer);
}

function writeContainers(
  containers: readonly ContainerRecord[],
  strings: Dictionary,
  writer: ByteWriter,
): void {
  writer.varint(containers.length);
  for (const container of containers) {
    writer.varint(container.index);
    writer.varint(strings.indexOf(container.name));
  }
}

function writeProcesses(processes: readonly ProcessRecord[], strings: Dictionary, writer: ByteWriter): void {
  writer.varint(processes.length);
  for (const process of processes) {
    writer.varint(process.index);
    writer.varint(process.pid);
    writer.varint(orNone(process.parent));
    writer.byte(ROLES.indexOf(process.role));
    writer.zigzag(process.startMs);
    writer.varint(strings.indexOf(process.comm));
    writer.varint(orNone(process.args === undefined ? undefined : strings.indexOf(process.args)));
    writer.varint(orNone(process.container));
  }
}

function writeStorage(storage: readonly StorageRecord[], strings: Dictionary, writer: ByteWriter): void {
  writer.varint(storage.length);
  for (const { kind, index, container, place, name } of storage) {
    writer.byte(STORAGE_KINDS.indexOf(kind));
    writer.varint(index);
    writer.varint(orNone(container));
    writer.varint(strings.indexOf(place));
    writer.varint(orNone(name === undefined ? undefined : strings.indexOf(name)));
  }
}

function writeOutputs(outputs: readonly OutputRecord[], strings: Dictionary, writer: ByteWriter): void {
  writer.varint(outputs.length);
  for (const { index, name, decimals } of outputs) {
    writer.varint(index);
    writer.varint(strings.indexOf(name));
    writer.zigzag(decimals);
  }
}

function writeTicks(ticks: readonly number[], writer: ByteWriter): void {
  writer.varint(ticks.length);
  let delta = 0;
  ticks.forEach((tick, i) => {
    const step = i === 0 ? tick : tick - (ticks[i - 1] as number);
    writer.zigzag(step - delta);
    delta = i === 0 ? 0 : step;
  });
}

function writeBlocks(blocks: readonly Block[], deflater: Deflater, writer: ByteWriter): void {
  const plain = new ByteWriter(4096);
  for (const block of blocks) encodeBlock(block, plain);
  const { length, stored } = pack(plain.view(), deflater);
  writer.varint(length);
  writer.append(stored);
}

function writeEnds(ends: readonly ProcessEnd[], writer: ByteWriter): void {
  writer.varint(ends.length);
  for (const end of ends) {
    writer.varint(end.index);
    writer.zigzag(end.endMs);
    writer.varint(end.boundMs);
    writer.varint(orNone(end.exitCode));
  }
}

function writeTotals(totals: ReadonlyMap<number, number>, writer: ByteWriter): void {
  writer.varint(totals.size);
  for (const [id, value] of totals) {
    writer.varint(id);
    writer.varint(value);
  }
}

/** 0 for none, else one more than the number. */
function orNone(value: number | undefined): number {
  return value === undefined ? 0 : value + 1;
}
