/** A large history: sealing it, asking it, and what its file becomes under retention. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { listRuns } from '../aggregator/query/list-runs.ts';
import { buildSeries, planSeries } from '../aggregator/query/series.ts';
import { applyPlan, planFor } from '../aggregator/retention/retain.ts';
import { Databases } from '../aggregator/store/databases.ts';
import type { KeptStore } from '../aggregator/store/model.ts';
import { processColumns } from '../protocol/metrics.ts';
import type { SeriesQuery } from '../protocol/query.ts';
import { type Figure, figure, median } from './figure.ts';
import { AT_ONCE, fill, optionsOf, withStore } from './filled-store.ts';

const MB = 2 ** 20;
const finished = () => 'finished' as const;

function medianMs(times: number, task: () => unknown): number {
  const spent = Array.from({ length: times }, () => {
    const startMs = performance.now();
    task();
    return performance.now() - startMs;
  });
  return median(spent);
}

async function listFigure(): Promise<Figure> {
  return withStore(async (store) => {
    const runs = 10_000;
    for (let run = 0; run < runs; run += AT_ONCE) {
      const some = Array.from({ length: AT_ONCE }, (_, i) => run + i);
      await Promise.all(some.map((one) => fill(store, optionsOf(one, { columns: 1, rowsPerBatch: 1 }), 1)));
    }
    const spent = medianMs(15, () => listRuns(store.runs(), { limit: 1000 }, finished));
    const whole = medianMs(7, () => [...store.runs()].length);
    return figure(
      'first 1,000 of 10,000 runs; reading all records, ms',
      `${spent.toFixed(1)}; ${whole.toFixed(1)}`,
      '< 20',
      spent < 20,
    );
  });
}

function ask(store: KeptStore, id: string, query: SeriesQuery): unknown {
  const record = store.run(id);
  if (record === undefined) throw new Error(`no run ${id}`);
  const directory = store.directory(id);
  const plan = planSeries(query, record, directory);
  return JSON.stringify(buildSeries(plan, record, directory, store.series(id, plan.request)));
}

const twentyColumns = processColumns
  .slice(0, 20)
  .map(({ name }) => name)
  .join();

async function hourFigure(): Promise<Figure> {
  return withStore(async (store) => {
    await fill(store, optionsOf(1, {}), 360);
    await store.seal('run-1');
    const spent = medianMs(101, () =>
      ask(store, 'run-1', { columns: twentyColumns, processes: '0.0', points: 500 }),
    );
    return figure(
      '1 h of 20 columns of one process, 500 points, as JSON, ms',
      spent.toFixed(1),
      '< 5',
      spent < 5,
    );
  });
}

/** Only the columns that are asked for: others would make the bench slower to fill, and nothing slower to read. */
async function dayFigures(): Promise<Figure[]> {
  return withStore(async (store, folder) => {
    const options = optionsOf(1, { processes: 200, columns: 2, rowsPerBatch: 60 });
    await fill(store, options, 1440);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const heldMs = await longestHold(() => store.seal('run-1'));
    delay.disable();
    const query = { columns: 'utimeTicks,stimeTicks', points: 500 };
    const spent = medianMs(7, () => ask(store, 'run-1', query));
    const { usedBytes } = store.usage();
    const { samples, levels } = store.footprint('run-1');
    const points = 200 * 2 * 86_400;
    const fileMb = statSync(join(folder, 'data.mdb')).size / MB;
    return [
      figure(
        '24 h × 200 processes of stacked CPU, 500 points, as JSON, ms',
        spent.toFixed(0),
        '< 300',
        spent < 300,
      ),
      figure('sealing those: longest transaction, ms', heldMs.toFixed(1), '≤ 50', heldMs <= 50),
      figure(
        'sealing those: this process held up, longest and 99th percentile, ms',
        `${(delay.max / 1e6).toFixed(0)}, ${(delay.percentile(99) / 1e6).toFixed(0)}`,
        '',
        true,
      ),
      figure(
        'bytes a point of those (random, so dearer than real ones), levels and index included',
        (usedBytes / points).toFixed(3),
        '',
        true,
      ),
      figure('of which levels', `${((100 * levels) / (samples + levels)).toFixed(0)} %`, '', true),
      figure('its file, with the free pages that the log left, MiB', fileMb.toFixed(0), '', true),
    ];
  });
}

/** The longest time that a write transaction of this process took, which is what another writer may have to wait. */
async function longestHold(task: () => Promise<void>): Promise<number> {
  const { transaction } = Databases.prototype;
  let longest = 0;
  Databases.prototype.transaction = function timed<T>(
    this: Databases,
    change: (tables: Databases['tables']) => T,
  ) {
    return transaction.call(this, (tables: Databases['tables']) => {
      const startMs = performance.now();
      const result = change(tables);
      longest = Math.max(longest, performance.now() - startMs);
      return result;
    }) as Promise<T>;
  };
  try {
    await task();
    return longest;
  } finally {
    Databases.prototype.transaction = transaction;
  }
}

const GENERATIONS = 12;
const RUNS_A_GENERATION = 20;
const KEPT_BYTES = 24 * MB;

/** New runs come in and are sealed, old ones go, again and again: does the file stay what the policy asks for? */
async function generationsFigures(): Promise<Figure[]> {
  return withStore(async (store, folder) => {
    const sizes: number[] = [];
    for (let generation = 0; generation < GENERATIONS; generation++) {
      for (let i = 0; i < RUNS_A_GENERATION; i++) {
        const run = generation * RUNS_A_GENERATION + i;
        await fill(store, optionsOf(run, { processes: 10, rowsPerBatch: 60 }), 10 + (run % 40));
        await store.seal(`run-${run}`);
      }
      const policy = { mostBytes: KEPT_BYTES, baselineRuns: 0 };
      await applyPlan(store, finished, await planFor(store, finished, policy, Date.now()));
      sizes.push(statSync(join(folder, 'data.mdb')).size / MB);
    }
    const last = Number(sizes.at(-1));
    const growth = last / Number(sizes[GENERATIONS / 2]);
    const copy = join(folder, 'copy.mdb');
    const startMs = performance.now();
    await store.backup(copy);
    const copyMs = performance.now() - startMs;
    return [
      figure(
        `file after ${GENERATIONS} generations of ${RUNS_A_GENERATION} runs with 24 MiB kept, MiB`,
        `${last.toFixed(0)} (${sizes.map((size) => size.toFixed(0)).join(', ')})`,
        'no growth in the second half',
        growth <= 1.02,
      ),
      figure(
        'a compact copy of it, MiB and ms',
        `${(statSync(copy).size / MB).toFixed(0)}, ${copyMs.toFixed(0)}`,
        '',
        true,
      ),
    ];
  });
}

export async function historyFigures(): Promise<Figure[]> {
  return [await listFigure(), await hourFigure(), ...(await dayFigures()), ...(await generationsFigures())];
}
