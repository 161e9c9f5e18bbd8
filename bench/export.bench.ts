/** Exports of a run of 10 processes and one six times as long: rows per second, and whether memory grows with the run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportedRun } from '../aggregator/export/exported-run.ts';
import { exportForms, inChunks } from '../aggregator/export/formats.ts';
import { accept } from '../aggregator/ingest/accept.ts';
import type { Store } from '../aggregator/store/model.ts';
import { openStore } from '../aggregator/store/open.ts';
import type { ExportFormat } from '../protocol/query.ts';
import { type Figure, figure } from './figure.ts';
import { syntheticBatches } from './synthetic-agent.ts';

const FORMATS: readonly ExportFormat[] = ['csv', 'ndjson', 'parquet', 'trace', 'openmetrics', 'json'];
const PROCESSES = 10;
const HOURS = { short: 1, long: 6 } as const;
const ROWS_PER_BATCH = 600;
/** What the garbage collector leaves lying about differs from run to run by this much. */
const MOST_GROWTH_MIB = 150;

type Length = keyof typeof HOURS;

async function filled(folder: string): Promise<Store> {
  const store = await openStore(folder);
  for (const length of Object.keys(HOURS) as Length[]) {
    const options = {
      agent: length.padStart(32, '0').replaceAll(/[^0-9a-f]/g, 'a'),
      run: `run-${length}`,
      workload: length,
      epochMs: 0,
      processes: PROCESSES,
      columns: 20,
      intervalMs: 1000,
      rowsPerBatch: ROWS_PER_BATCH,
    };
    const count = (HOURS[length] * 3600) / ROWS_PER_BATCH;
    for (const { bytes } of syntheticBatches(options, count)) await accept(store, bytes);
    await store.seal(`run-${length}`);
  }
  return store;
}

interface Exported {
  readonly seconds: number;
  readonly bytes: number;
  /** Above what was in use before. */
  readonly peakMiB: number;
}

function exported(store: Store, length: Length, format: ExportFormat): Exported {
  const record = store.run(`run-${length}`);
  if (record === undefined) throw new Error(`no run ${length}`);
  const before = process.memoryUsage.rss();
  const startedAt = process.hrtime.bigint();
  let [bytes, peak] = [0, before];
  const run = exportedRun(store, () => 'finished', record);
  for (const chunk of inChunks(exportForms[format].write(run, undefined))) {
    bytes += chunk.length;
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  return { seconds, bytes, peakMiB: (peak - before) / 2 ** 20 };
}

export async function exportFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  const store = await filled(folder);
  try {
    return FORMATS.map((format) => {
      exported(store, 'short', format);
      const { seconds, bytes, peakMiB } = exported(store, 'long', format);
      const rows = (HOURS.long * 3600 * PROCESSES) / seconds;
      return figure(
        `${format}: ${Math.round(rows / 1000)}k rows/s, ${(bytes / 2 ** 20).toFixed(0)} MiB; six times the run takes so many MiB more of memory`,
        peakMiB.toFixed(0),
        `≤ ${MOST_GROWTH_MIB}`,
        peakMiB <= MOST_GROWTH_MIB,
      );
    });
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  for (const { what, value, target, met } of await exportFigures()) {
    process.stdout.write(`${what}: ${value} (${target}: ${met ? 'met' : 'not met'})\n`);
  }
}
