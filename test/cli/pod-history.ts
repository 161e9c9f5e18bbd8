/** The sample history as that of a CronJob, whose container was measured. */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { accept } from '../../aggregator/ingest/accept.ts';
import { openStore } from '../../aggregator/store/open.ts';
import { deflater } from '../../lib/deflater.ts';
import type { Batch } from '../../protocol/batch.ts';
import { encodeBatch } from '../../protocol/codec/batch-encode.ts';
import { columnByName } from '../../protocol/metrics.ts';
import { batchesOf, scratchFolder } from './sample-history.ts';

/** The sample run as one of a CronJob's, in a container that used 0.5 cores and up to 200 MiB. */
function inContainer(batch: Batch): Batch {
  const columns = ['cpuUsageUs', 'memoryCurrentBytes'] as const;
  const values = batch.ticks.map((ms) => [500 * ms, (100 + ms / 30) * 2 ** 20]);
  return {
    ...batch,
    ...(batch.declaration && {
      declaration: { ...batch.declaration, workload: { kind: 'CronJob', name: 'train', namespace: 'ml' } },
    }),
    containers: batch.sequence === 0 ? [{ index: 0, name: 'main' }] : [],
    blocks: [
      ...batch.blocks,
      {
        subject: 'container',
        index: 0,
        columns: columns.map((name) => columnByName(name)?.id ?? 0),
        ticks: batch.ticks.map((_, i) => i),
        values: columns.map((_, column) => values.map((row) => Math.round(row[column] ?? 0))),
      },
    ],
  };
}

/** The data folder of a history with two of its runs. */
export async function podHistory(t: TestContext): Promise<string> {
  const folder = join(scratchFolder(t), 'data');
  const store = await openStore(folder);
  for (const batch of [1, 2].flatMap((n) => batchesOf({ n }))) {
    await accept(store, encodeBatch(inContainer(batch), deflater));
  }
  await store.close();
  return folder;
}
