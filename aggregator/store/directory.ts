/** Gathers what batches tell of a run's processes, containers, storage, outputs and events. */
import type { ProcessEnd, ProcessRecord } from '../../protocol/batch.ts';
import type { RunEvent } from '../../protocol/run.ts';
import type { StoredRun } from './keys.ts';
import { type LogEntry, readLog } from './log.ts';
import type { ContainerEntry, OutputEntry, ProcessEntry, RunDirectory, StorageEntry } from './model.ts';
import type { Tables } from './tables.ts';

export function readDirectory(tables: Tables, run: StoredRun): RunDirectory {
  const builder = new DirectoryBuilder(tables.directories.get(run.id));
  for (const entry of readLog(tables, run)) builder.add(entry);
  return builder.build();
}

export class DirectoryBuilder {
  readonly #processes: Map<string, ProcessEntry>;
  readonly #containers: Map<string, ContainerEntry>;
  readonly #storage: Map<string, StorageEntry>;
  readonly #outputs: Map<string, OutputEntry>;
  readonly #events: RunEvent[];
  /** ms since the start of the run. */
  #lastTickMs = 0;

  /** `before`: what is known from earlier batches. */
  constructor(before: RunDirectory | undefined) {
    this.#processes = new Map(before?.processes.map((entry) => [keyOf(entry.member, entry.index), entry]));
    this.#containers = new Map(before?.containers.map((entry) => [keyOf(entry.member, entry.index), entry]));
    this.#storage = new Map(before?.storage?.map((entry) => [keyOf(entry.member, entry.index), entry]));
    this.#outputs = new Map(before?.outputs?.map((entry) => [keyOf(entry.member, entry.index), entry]));
    this.#events = [...(before?.events ?? [])];
  }

  /** Entries of one member must come in the order of their sequence. */
  add({ place, sequence, batch, offsetMs }: LogEntry): void {
    if (batch === undefined) {
      const message = `Batch ${sequence} of member ${place} is damaged in the store and is left out`;
      this.#events.push({ atMs: this.#lastTickMs, kind: 'warning', message });
      return;
    }
    for (const { index, name } of batch.containers) {
      this.#containers.set(keyOf(place, index), { member: place, index, name });
    }
    for (const record of batch.storage ?? []) {
      this.#storage.set(keyOf(place, record.index), { ...record, member: place });
    }
    for (const record of batch.outputs ?? []) {
      this.#outputs.set(keyOf(place, record.index), { ...record, member: place });
    }
    for (const process of batch.processes) this.#begin(place, offsetMs, process);
    for (const end of batch.ends) this.#end(place, offsetMs, end);
    this.#events.push(...batch.events);
    this.#lastTickMs = (batch.ticks.at(-1) ?? this.#lastTickMs - offsetMs) + offsetMs;
  }

  build(): RunDirectory {
    return {
      processes: [...this.#processes.values()],
      containers: [...this.#containers.values()],
      ...(this.#storage.size > 0 && { storage: [...this.#storage.values()] }),
      ...(this.#outputs.size > 0 && { outputs: [...this.#outputs.values()] }),
      events: this.#events.toSorted((a, b) => a.atMs - b.atMs),
    };
  }

  #begin(member: number, offsetMs: number, process: ProcessRecord): void {
    const key = keyOf(member, process.index);
    const before = this.#processes.get(key);
    this.#processes.set(key, {
      ...process,
      member,
      startMs: process.startMs + offsetMs,
      endMs: before?.endMs,
      endBoundMs: before?.endBoundMs,
      exitCode: before?.exitCode,
    });
  }

  #end(member: number, offsetMs: number, { index, endMs, boundMs, exitCode }: ProcessEnd): void {
    const key = keyOf(member, index);
    const process = this.#processes.get(key);
    if (process === undefined) return;
    this.#processes.set(key, { ...process, endMs: endMs + offsetMs, endBoundMs: boundMs, exitCode });
  }
}

function keyOf(member: number, index: number): string {
  return `${member}.${index}`;
}
