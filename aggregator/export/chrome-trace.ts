/**
 * A run as Chrome's trace events in JSON, as Perfetto and chrome://tracing open them. Each process is a track with one
 * slice from its start to its exit and counters for CPU (cores), resident memory (bytes) and IO (bytes per second). Events
 * of the run are instants. Times are µs since the start of the run.
 */
import { columnByName } from '../../protocol/metrics.ts';
import type { ProcessView } from '../../protocol/query.ts';
import type { ExportedRun } from './exported-run.ts';
import { type SampleRow, sampleRows } from './sample-rows.ts';

const COLUMNS = ['utimeTicks', 'stimeTicks', 'cpuTimeMs', 'rssBytes', 'readBytes', 'writeBytes'] as const;

const columns = COLUMNS.map(columnByName).filter((column) => column !== undefined);

export function* exportChromeTrace(exported: ExportedRun): Generator<string> {
  const { run } = exported;
  const otherData = { run: run.ref, id: run.id, startedAt: run.startedAt };
  yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify(otherData)},"traceEvents":[`;
  let separator = '\n';
  for (const event of eventsOf(exported)) {
    yield `${separator}${JSON.stringify(event)}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

interface TraceEvent {
  readonly name: string;
  readonly ph: 'M' | 'X' | 'C' | 'i';
  readonly pid: number;
  readonly tid?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly s?: 'g';
  readonly args?: object;
}

function* eventsOf(exported: ExportedRun): Generator<TraceEvent> {
  const { processes, directory, run } = exported;
  const tracks = tracksOf(processes);
  const endMs = Math.max((run.measures.wallSeconds ?? 0) * 1000, ...processes.map(({ endMs = 0 }) => endMs));
  for (const [order, process] of processes.entries()) {
    yield* trackOf(process, tracks.get(process.key) ?? 0, order, endMs);
  }
  for (const { atMs, kind, message } of directory.events) {
    yield { name: kind, ph: 'i', s: 'g', pid: 0, tid: 0, ts: micros(atMs), args: { message } };
  }
  const meters = new Map(
    processes.map((process) => [process.key, new ProcessMeter(process, tracks.get(process.key) ?? 0)]),
  );
  for (const row of sampleRows(exported, columns)) {
    if (row.of.subject === 'process') yield* meters.get(row.of.key)?.take(row) ?? [];
  }
  for (const meter of meters.values()) yield* meter.end();
}

/** The pid where no other process of the run has it; viewers take processes with the same number for one. */
function tracksOf(processes: readonly ProcessView[]): Map<string, number> {
  const counts = new Map<number, number>();
  for (const { pid } of processes) counts.set(pid, (counts.get(pid) ?? 0) + 1);
  let spare = Math.max(0, ...counts.keys());
  return new Map(
    processes.map(({ key, pid }) => {
      if (counts.get(pid) === 1) return [key, pid];
      spare += 1;
      return [key, spare];
    }),
  );
}

function* trackOf(process: ProcessView, pid: number, order: number, runEndMs: number): Generator<TraceEvent> {
  const { key, comm, container, member, args, startMs, endMs = runEndMs, samples: _, ...figures } = process;
  const label = [comm, process.pid, container].filter((part) => part !== undefined).join(' ');
  yield { name: 'process_name', ph: 'M', pid, args: { name: label } };
  yield { name: 'process_sort_index', ph: 'M', pid, args: { sort_index: order } };
  const fromMs = Math.max(0, startMs);
  yield {
    name: args ?? comm,
    ph: 'X',
    pid,
    tid: pid,
    ts: micros(fromMs),
    dur: micros(Math.max(0, endMs - fromMs)),
    args: { key, member, ...figures },
  };
}

interface Reading {
  readonly atMs: number;
  readonly cpuSeconds: number;
  readonly readBytes: number;
  readonly writeBytes: number;
}

/** Turns the counters of one process into rates; each stands at the start of the time in which it held. */
class ProcessMeter {
  readonly #pid: number;
  readonly #endMs: number | undefined;
  #last: Reading | undefined;

  constructor({ startMs, endMs }: ProcessView, pid: number) {
    this.#pid = pid;
    this.#endMs = endMs;
    // One that is older than the run was counting before.
    if (startMs >= 0) this.#last = { atMs: startMs, cpuSeconds: 0, readBytes: 0, writeBytes: 0 };
  }

  *take({ timeMs, values }: SampleRow): Generator<TraceEvent> {
    const [user, system, both, rssBytes, readBytes = 0, writeBytes = 0] = values;
    if (rssBytes !== undefined) yield this.#counter('RSS', timeMs, { bytes: rssBytes });
    if (user === undefined && both === undefined) return;
    const now = {
      atMs: timeMs,
      cpuSeconds: (user ?? 0) + (system ?? 0) + (both ?? 0),
      readBytes,
      writeBytes,
    };
    const seconds = this.#last === undefined ? 0 : (timeMs - this.#last.atMs) / 1000;
    if (this.#last !== undefined && seconds > 0) {
      const { atMs, ...before } = this.#last;
      yield this.#counter('CPU', atMs, { cores: (now.cpuSeconds - before.cpuSeconds) / seconds });
      yield this.#counter('IO', atMs, {
        read: (readBytes - before.readBytes) / seconds,
        written: (writeBytes - before.writeBytes) / seconds,
      });
    }
    this.#last = now;
  }

  /** Back to zero, where a viewer would draw the last value on to the end of the run. */
  *end(): Generator<TraceEvent> {
    const atMs = this.#endMs ?? this.#last?.atMs;
    if (atMs === undefined) return;
    yield this.#counter('CPU', atMs, { cores: 0 });
    yield this.#counter('IO', atMs, { read: 0, written: 0 });
    yield this.#counter('RSS', atMs, { bytes: 0 });
  }

  #counter(name: string, atMs: number, args: Readonly<Record<string, number>>): TraceEvent {
    const rounded = Object.entries(args).map(([key, value]) => [key, Math.round(value * 1000) / 1000]);
    return { name, ph: 'C', pid: this.#pid, ts: micros(atMs), args: Object.fromEntries(rounded) };
  }
}

function micros(ms: number): number {
  return Math.round(ms * 1000);
}
