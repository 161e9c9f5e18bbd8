/** A history of real batches, as agents would have left it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { accept } from '../../aggregator/ingest/accept.ts';
import { openStore } from '../../aggregator/store/open.ts';
import { deflater } from '../../lib/deflater.ts';
import type { Batch, ProcessRecord } from '../../protocol/batch.ts';
import { encodeBatch } from '../../protocol/codec/batch-encode.ts';
import { type MeasureName, measureByName } from '../../protocol/measures.ts';
import { type ColumnName, columnByName } from '../../protocol/metrics.ts';
import type { RunDeclaration, RunOutcome } from '../../protocol/run.ts';

export const STARTED_AT_MS = Date.UTC(2026, 2, 1, 10, 0, 0);

export interface SampleRun {
  /** Counts the runs of the history: the n-th starts n minutes after the first. */
  readonly n: number;
  readonly workload?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** CPU seconds in user mode of the whole run. */
  readonly cpuSeconds?: number;
  /** Undefined: the run goes on. */
  readonly outcome?: Omit<RunOutcome, 'endedAtMs'> | undefined;
  /** Name of the second process. */
  readonly comm?: string;
}

const WALL_MS = 3000;
const PASSED: SampleRun['outcome'] = { reason: 'exited', exitCode: 0 };

export const runId = (n: number): string => `run-${String(n).padStart(6, '0')}`;
export const agentOf = (n: number): string => n.toString(16).padStart(32, '0');

/** Two batches: a shell that started a worker; the worker's CPU time grows steadily, and it writes 1 MiB. */
export function batchesOf(sample: SampleRun): Batch[] {
  const { n, cpuSeconds = 2, comm = 'worker' } = sample;
  const outcome: SampleRun['outcome'] = 'outcome' in sample ? sample.outcome : PASSED;
  const epochMs = STARTED_AT_MS + n * 60_000;
  const cpuTicks = Math.round(cpuSeconds * 100);
  const common = { agent: agentOf(n), run: runId(n), epochMs, containers: [] };
  return [
    {
      ...common,
      sequence: 0,
      declaration: declaration(sample, epochMs),
      processes: [
        processOf(0, undefined, 'sh'),
        processOf(1, 0, comm),
        processOf(2, undefined, 'node', 'agent'),
      ],
      ticks: [1000, 2000],
      blocks: [rows(0, [0, 1], [1, 1], 0), rows(1, [0, 1], [cpuTicks / 4, cpuTicks / 2], 2 ** 19)],
      ends: [],
      events: [{ atMs: 1500, kind: 'gap', value: 2, message: '2 ticks were missed' }],
      totals: totals({ wallSeconds: 2000, cpuUserSeconds: cpuTicks / 2 }),
    },
    {
      ...common,
      sequence: 1,
      processes: [],
      ticks: [WALL_MS],
      blocks: [rows(0, [0], [1], 0), rows(1, [0], [cpuTicks], 2 ** 20)],
      ends: [{ index: 1, endMs: 2900, boundMs: 40, exitCode: undefined }],
      events: [],
      totals: totals({
        wallSeconds: WALL_MS,
        cpuUserSeconds: cpuTicks,
        cpuSystemSeconds: 10,
        shortLivedCpuSeconds: 5,
        peakCores: 1500,
        peakRssBytes: 50 * 2 ** 20,
        readBytes: 0,
        writeBytes: 2 ** 20,
        processes: 2,
        samples: 3,
        gaps: 2,
        intervalSeconds: 1500,
        agentCpuSeconds: 30_000,
      }),
      ...(outcome && { outcome: { ...outcome, endedAtMs: epochMs + WALL_MS } }),
    },
  ];
}

function declaration({ workload = 'train', tags = {} }: SampleRun, startedAtMs: number): RunDeclaration {
  return {
    workload: { kind: 'Local', name: workload },
    startedAtMs,
    member: 'host-a',
    intervalMs: 1000,
    metrics: ['performance'],
    command: ['./train.sh', '--name', 'two words'],
    tags,
    agentVersion: '0.1.0',
    host: {
      hostname: 'host-a',
      platform: 'linux',
      architecture: 'x64',
      kernel: '6.12.0',
      cpuModel: 'Test CPU',
      cores: 8,
      memoryBytes: 16 * 2 ** 30,
    },
  };
}

function processOf(
  index: number,
  parent: number | undefined,
  comm: string,
  role: ProcessRecord['role'] = 'target',
): ProcessRecord {
  return {
    index,
    pid: 100 + index,
    parent,
    role,
    startMs: index * 10,
    comm,
    args: undefined,
    container: undefined,
  };
}

function rows(
  index: number,
  ticks: number[],
  cpuTicks: number[],
  writeBytes: number,
): Batch['blocks'][number] {
  const values: readonly (readonly [ColumnName, number[]])[] = [
    ['utimeTicks', cpuTicks],
    ['rssBytes', ticks.map(() => 2 ** 20)],
    ['writeBytes', ticks.map(() => writeBytes)],
  ];
  return {
    subject: 'process',
    index,
    columns: values.map(([name]) => columnByName(name)?.id ?? 0),
    ticks,
    values: values.map(([, column]) => column),
  };
}

function totals(values: Partial<Record<MeasureName, number>>): Map<number, number> {
  return new Map(Object.entries(values).map(([name, value]) => [measureByName(name)?.id ?? 0, value]));
}

/** A folder that is removed when the test ends. */
export function scratchFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The data folder of a new history with these runs. */
export async function sampleHistory(t: TestContext, samples: readonly SampleRun[]): Promise<string> {
  const folder = join(scratchFolder(t), 'data');
  const store = await openStore(folder);
  for (const batch of samples.flatMap(batchesOf)) await accept(store, encodeBatch(batch, deflater));
  await store.close();
  return folder;
}
