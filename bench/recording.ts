/** Real runs, recorded: what a command and all its processes used, as the batches that tell it. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Launcher } from '../agent/launcher.ts';
import { measureCommand } from '../agent/local-run.ts';
import { systemClock } from '../lib/clock.ts';
import { deflater } from '../lib/deflater.ts';
import type { Batch } from '../protocol/batch.ts';
import { checkedBefore, decodeBatch } from '../protocol/codec/batch-decode.ts';
import { defaultChoice } from '../protocol/metric-choice.ts';

const DEMO = join(import.meta.dirname, '..', 'examples', 'demo', 'main.js');
const WORKLOADS = join(import.meta.dirname, 'workloads');

export interface Recording {
  /** As they came, together. */
  readonly bytes: number;
  readonly batches: readonly Batch[];
}

export async function record(command: readonly string[], intervalMs: number): Promise<Recording> {
  const batches: Batch[] = [];
  let bytes = 0;
  const push = async (batch: Uint8Array): Promise<void> => {
    bytes += batch.length;
    batches.push(decodeBatch(batch, checkedBefore, deflater));
  };
  const run = await measureCommand([...command], process.env, new Launcher(), {
    run: randomUUID(),
    agent: 'a'.repeat(32),
    clock: systemClock,
    procRoot: '/proc',
    cgroupRoot: '/sys/fs/cgroup',
    intervalMs,
    cpuShare: 0.1,
    choice: defaultChoice,
    recordArgs: false,
    sink: { push },
    declaration: {
      workload: { kind: 'Local', name: 'bench' },
      member: 'h',
      intervalMs,
      metrics: [],
      agentVersion: '0',
    },
    laterDeclaration: Promise.resolve({}),
  });
  await run.ended;
  return { bytes, batches };
}

/** The demo (CPU, memory, disk, short-lived children), `demos` times in `folder`, beside idle services. */
export function demoBesideIdle(folder: string, demos: number): string[] {
  const demo = `'${process.execPath}' '${DEMO}' --compression-level 9 --folder '${folder}' >/dev/null`;
  return beside(Array(demos).fill(demo).join('; '));
}

/** Long-lived: a node server and a database under load for `seconds`, beside idle services. */
export function services(folder: string, seconds: number): string[] {
  const server = `'${process.execPath}' '${WORKLOADS}/server.ts' ${seconds}`;
  const database = `'${process.execPath}' --no-warnings '${WORKLOADS}/database.ts' ${seconds} '${folder}/orders.db'`;
  return beside(`${server} & ${database}; wait $!`);
}

/** Short-lived: a build of many steps, two at a time, for `seconds`, beside idle services. */
export function build(folder: string, seconds: number): string[] {
  mkdirSync(join(folder, 'objects'));
  const step = [
    `seq 1 $((20000 + (i * 7919) % 60000)) | sed s/1/x/g > ${folder}/objects/$1.$i`,
    `sort -r ${folder}/objects/$1.$i | gzip -c > ${folder}/objects/$1.$i.gz`,
    `rm ${folder}/objects/$1.$i*`,
  ].join('; ');
  const worker = `worker() { i=0; while [ $(date +%s) -lt $end ]; do i=$((i + 1)); ${step}; done; }`;
  return beside(`end=$(($(date +%s) + ${seconds})); ${worker}; worker a & a=$!; worker b; wait $a`);
}

function beside(work: string): string[] {
  const idle = 'idle=""; for i in $(seq 20); do sleep 600 & idle="$idle $!"; done';
  return ['sh', '-c', `${idle}; ${work}; kill $idle`];
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
