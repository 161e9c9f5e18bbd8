/** Bytes per point of a real mixed run: as its batches came (hot), and sealed. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../aggregator/store/open.ts';
import { deflater } from '../lib/deflater.ts';
import type { Batch } from '../protocol/batch.ts';
import { encodeBatch } from '../protocol/codec/batch-encode.ts';
import { type Figure, figure } from './figure.ts';
import { prometheusBytes } from './prometheus-bytes.ts';
import { pointsIn, record } from './recording.ts';

interface SealedBytes {
  readonly samples: number;
  readonly levels: number;
  /** The whole file, less that of an empty store. */
  readonly stored: number;
}

/** In a store that holds this run alone. */
async function sealedBytes(batches: readonly Batch[]): Promise<SealedBytes> {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  const store = await openStore(folder);
  try {
    const empty = store.usage().usedBytes;
    for (const batch of batches) await store.append(encodeBatch(batch, deflater), batch);
    const run = batches[0]?.run ?? '';
    await store.seal(run);
    const { samples, levels } = store.footprint(run);
    return { samples, levels, stored: store.usage().usedBytes - empty };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

export async function bytesFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  try {
    const { bytes, batches } = await record(folder, 4);
    const points = pointsIn(batches);
    const hot = bytes / points;
    const bytesOf = await sealedBytes(batches);
    const sealed = bytesOf.samples / points;
    const stored = bytesOf.stored / points;
    const prometheus = prometheusBytes(batches);
    return [
      figure('points of the mixed run', points.toLocaleString('en'), '', true),
      figure('bytes per point, hot', hot.toFixed(3), '≤ 0.25', hot <= 0.25),
      figure('bytes per point, sealed', sealed.toFixed(3), '≤ 0.12', sealed <= 0.12),
      figure('levels, on top', (bytesOf.levels / points).toFixed(3), '', true),
      figure(
        'bytes per point in the store: levels, names, index and all',
        stored.toFixed(3),
        '≤ 0.3',
        stored <= 0.3,
      ),
      prometheus === undefined
        ? figure('the same points in Prometheus', 'not installed (package prometheus)', '', false)
        : figure(
            'the same points in Prometheus, index included',
            `${(prometheus / points).toFixed(2)} (the store ${(stored / (prometheus / points)).toFixed(3)} of it)`,
            '≤ 1/20',
            stored <= prometheus / points / 20,
          ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
