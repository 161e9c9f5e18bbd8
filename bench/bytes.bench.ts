/** Bytes per point of a real mixed run: as its batches came (hot), and sealed. */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Launcher } from '../agent/launcher.ts';
import { measureCommand } from '../agent/local-run.ts';
import { SliceBuilder } from '../aggregator/store/slice-builder.ts';
import { systemClock } from '../lib/clock.ts';
import { deflater } from '../lib/deflater.ts';
import type { Batch } from '../protocol/batch.ts';
import { checkedBefore, decodeBatch } from '../protocol/codec/batch-decode.ts';
import { encodeSlice } from '../protocol/codec/slice.ts';
import { defaultChoice } from '../protocol/metric-choice.ts';
import { type Figure, figure } from './figure.ts';

const DEMO = join(import.meta.dirname, '..', 'examples', 'demo', 'main.js');

/** Twenty idle processes, and beside them the demo four times: CPU, memory, disk and short-lived children. */
function mixed(folder: string): string[] {
  const demo = `'${process.execPath}' '${DEMO}' --compression-level 9 --folder '${folder}' >/dev/null`;
  const idle = 'idle=""; for i in $(seq 20); do sleep 300 & idle="$idle $!"; done';
  return ['sh', '-c', `${idle}; ${demo}; ${demo}; ${demo}; ${demo}; kill $idle`];
}

async function record(folder: string): Promise<{ bytes: number; batches: Batch[] }> {
  const batches: Batch[] = [];
  let bytes = 0;
  const push = async (batch: Uint8Array): Promise<void> => {
    bytes += batch.length;
    batches.push(decodeBatch(batch, checkedBefore, deflater));
  };
  const run = await measureCommand(mixed(folder), process.env, new Launcher(), {
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

/** All batches of one member, sealed. */
function sealedBytes(batches: readonly Batch[]): number {
  const slices = new SliceBuilder();
  for (const batch of batches) {
    slices.add({ place: 0, sequence: batch.sequence, byteLength: 0, batch, offsetMs: 0 });
  }
  return [...slices.build().values()].reduce((sum, slice) => sum + encodeSlice(slice, deflater).length, 0);
}

export async function bytesFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  try {
    const { bytes, batches } = await record(folder);
    const points = batches.reduce(
      (sum, batch) =>
        sum + batch.blocks.reduce((rows, block) => rows + block.ticks.length * block.columns.length, 0),
      0,
    );
    const hot = bytes / points;
    const sealed = sealedBytes(batches) / points;
    return [
      figure('points of the mixed run', points.toLocaleString('en'), '', true),
      figure('bytes per point, hot', hot.toFixed(3), '≤ 0.25', hot <= 0.25),
      figure('bytes per point, sealed', sealed.toFixed(3), '≤ 0.12', sealed <= 0.12),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
