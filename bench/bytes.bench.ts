/** Bytes per point of real runs: as their batches came (hot), sealed, in their store, and beside other engines. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../aggregator/store/open.ts';
import { deflater } from '../lib/deflater.ts';
import type { Batch } from '../protocol/batch.ts';
import { encodeBatch } from '../protocol/codec/batch-encode.ts';
import { prometheusBytes, victoriaMetricsBytes } from './engine-bytes.ts';
import { type Figure, figure } from './figure.ts';
import { build, demoBesideIdle, pointsIn, record, services } from './recording.ts';

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

interface Bounds {
  readonly hot: number;
  readonly sealed: number;
  /** Of what each engine takes for the same points. */
  readonly share: Readonly<Record<Engine, number>>;
}

type Engine = 'Prometheus' | 'VictoriaMetrics';

const WORKLOADS: readonly {
  readonly what: string;
  readonly command: (folder: string) => string[];
  readonly bounds: Bounds;
}[] = [
  {
    what: 'the demo',
    command: (folder) => demoBesideIdle(folder, 4),
    bounds: { hot: 0.25, sealed: 0.12, share: { Prometheus: 1, VictoriaMetrics: 1 } },
  },
  {
    what: 'a build',
    command: (folder) => build(folder, SECONDS),
    bounds: {
      hot: Number.POSITIVE_INFINITY,
      sealed: 0.3,
      share: { Prometheus: 1 / 20, VictoriaMetrics: 1 / 20 },
    },
  },
  {
    what: 'services',
    command: (folder) => services(folder, SECONDS),
    bounds: { hot: 0.25, sealed: 0.15, share: { Prometheus: 1, VictoriaMetrics: 1 } },
  },
];

const SECONDS = 60;
const INTERVAL_MS = 100;

async function figuresOf({ what, command, bounds }: (typeof WORKLOADS)[number]): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  try {
    const { bytes, batches } = await record(command(folder), INTERVAL_MS);
    const points = pointsIn(batches);
    const processes = batches.reduce((sum, batch) => sum + batch.processes.length, 0);
    const { samples, levels, stored } = await sealedBytes(batches);
    const engines = {
      Prometheus: prometheusBytes(batches),
      VictoriaMetrics: await victoriaMetricsBytes(batches),
    };
    return [
      figure(`${what}: points; processes`, `${points.toLocaleString('en')}; ${processes}`, '', true),
      atMost(`${what}: bytes per point, hot`, bytes / points, bounds.hot),
      atMost(`${what}: sealed`, samples / points, bounds.sealed),
      figure(`${what}: levels, on top`, (levels / points).toFixed(3), '', true),
      figure(`${what}: its store, with names, index and all`, (stored / points).toFixed(3), '', true),
      ...(Object.keys(engines) as Engine[]).map((engine) =>
        besideEngine(
          `${what}: in ${engine}, index included`,
          stored,
          engines[engine],
          bounds.share[engine],
          points,
        ),
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function atMost(what: string, value: number, bound: number): Figure {
  return figure(what, value.toFixed(3), Number.isFinite(bound) ? `≤ ${bound}` : '', value <= bound);
}

function besideEngine(
  what: string,
  stored: number,
  theirs: number | undefined,
  share: number,
  points: number,
): Figure {
  if (theirs === undefined) return figure(what, 'not installed', '', false);
  const ours = stored / theirs;
  const told = `${(theirs / points).toFixed(2)} (the store ${ours.toFixed(3)} of it)`;
  return figure(what, told, share === 1 ? '≤ theirs' : `≤ 1/${1 / share}`, ours <= share);
}

export async function bytesFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const workload of WORKLOADS) figures.push(...(await figuresOf(workload)));
  return figures;
}
