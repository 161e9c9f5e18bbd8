/** Bytes per point of a real mixed run: as its batches came (hot), and sealed. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SliceBuilder } from '../aggregator/store/slice-builder.ts';
import { deflater } from '../lib/deflater.ts';
import type { Batch } from '../protocol/batch.ts';
import { encodeSlice } from '../protocol/codec/slice.ts';
import { type Figure, figure } from './figure.ts';
import { pointsIn, record } from './recording.ts';

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
    const { bytes, batches } = await record(folder, 4);
    const points = pointsIn(batches);
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
