/** A real mixed run, recorded once: the demo (CPU, memory, disk, short-lived children) beside idle services. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Launcher } from '../agent/launcher.ts';
import { measureCommand } from '../agent/local-run.ts';
import { systemClock } from '../lib/clock.ts';
import { deflater } from '../lib/deflater.ts';
import type { Batch } from '../protocol/batch.ts';
import { checkedBefore, decodeBatch } from '../protocol/codec/batch-decode.ts';
import { defaultChoice } from '../protocol/metric-choice.ts';

const DEMO = join(import.meta.dirname, '..', 'examples', 'demo', 'main.js');

export interface Recording {
  /** As they came, together. */
  readonly bytes: number;
  readonly batches: readonly Batch[];
}

/** `folder`: an empty one to work in. `demos`: how often the demo runs, one after the other. */
export async function record(folder: string, demos: number): Promise<Recording> {
  const batches: Batch[] = [];
  let bytes = 0;
  const push = async (batch: Uint8Array): Promise<void> => {
    bytes += batch.length;
    batches.push(decodeBatch(batch, checkedBefore, deflater));
  };
  const run = await measureCommand(mixed(folder, demos), process.env, new Launcher(), {
    run: randomUUID(),
    agent: 'a'.repeat(32),
    clock: systemClock,
    procRoot: '/proc',
    cgroupRoot: '/sys/fs/cgroup',
    intervalMs: 100,
    cpuShare: 0.1,
    choice: defaultChoice,
    recordArgs: false,
    sink: { push },
    declaration: {
      workload: { kind: 'Local', name: 'bench' },
      member: 'h',
      intervalMs: 100,
      metrics: [],
      agentVersion: '0',
    },
    laterDeclaration: Promise.resolve({}),
  });
  await run.ended;
  return { bytes, batches };
}

function mixed(folder: string, demos: number): string[] {
  const demo = `'${process.execPath}' '${DEMO}' --compression-level 9 --folder '${folder}' >/dev/null`;
  const idle = 'idle=""; for i in $(seq 20); do sleep 300 & idle="$idle $!"; done';
  return ['sh', '-c', `${idle}; ${Array(demos).fill(demo).join('; ')}; kill $idle`];
}

/** Values of columns in all blocks. */
export function pointsIn(batches: readonly Batch[]): number {
  const points = ({ blocks }: Batch) =>
    blocks.reduce((sum, { ticks, columns }) => sum + ticks.length * columns.length, 0);
  return batches.reduce((sum, batch) => sum + points(batch), 0);
}

/** Rows of a process at one tick, in all blocks. */
export function rowsIn(batches: readonly Batch[]): number {
  const rows = ({ blocks }: Batch) => blocks.reduce((sum, { ticks }) => sum + ticks.length, 0);
  return batches.reduce((sum, batch) => sum + rows(batch), 0);
}
