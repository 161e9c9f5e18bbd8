/** Findings and a comparison of large runs: how long they hold up the process that answers them. */
import { compareRuns } from '../aggregator/query/compare-runs.ts';
import { readFindings } from '../aggregator/query/findings/findings.ts';
import type { KeptStore } from '../aggregator/store/model.ts';
import type { ColumnName } from '../protocol/metrics.ts';
import { cpuUs, type Figure, figure, median } from './figure.ts';
import { fill, optionsOf, withStore } from './filled-store.ts';

const MB = 2 ** 20;
const PROCESSES = 200;
/** What findings about processes are made from, and a comparison looks at most. */
const COLUMNS: readonly ColumnName[] = ['utimeTicks', 'stimeTicks', 'rssBytes', 'blockIoDelayTicks'];
const finished = () => 'finished' as const;

function findingsSeconds(store: KeptStore): number {
  const record = store.run('run-1');
  if (record === undefined) throw new Error('no run-1');
  const spent = Array.from({ length: 3 }, () => {
    const beforeUs = cpuUs();
    readFindings(store, finished, record);
    return (cpuUs() - beforeUs) / 1e6;
  });
  return median(spent);
}

async function comparisonSeconds(store: KeptStore): Promise<number> {
  const beforeUs = cpuUs();
  await compareRuns(store, finished, { a: 'workload@1', b: 'workload@1' });
  return (cpuUs() - beforeUs) / 1e6;
}

async function figuresOf(what: string, minutes: number): Promise<Figure[]> {
  return withStore(async (store) => {
    const options = { workload: 'workload', processes: PROCESSES, columns: COLUMNS, rowsPerBatch: 60 };
    await fill(store, optionsOf(1, options), minutes);
    await store.seal('run-1');
    const beforeBytes = process.memoryUsage().rss;
    const findings = findingsSeconds(store);
    const comparison = await comparisonSeconds(store);
    const grownMb = (process.memoryUsage().rss - beforeBytes) / MB;
    return [
      figure(`findings of ${what}, s of CPU`, findings.toFixed(2), '< 1', findings < 1),
      figure('comparing two of those, s of CPU', comparison.toFixed(2), '< 5', comparison < 5),
      figure('memory that this process grew by meanwhile, MiB', grownMb.toFixed(0), '< 300', grownMb < 300),
    ];
  });
}

export async function findingsFigures(): Promise<Figure[]> {
  return [
    ...(await figuresOf(`20 min × ${PROCESSES} processes`, 20)),
    ...(await figuresOf(`24 h × ${PROCESSES} processes`, 1440)),
  ];
}

if (import.meta.main) {
  for (const { what, value, target } of await findingsFigures()) {
    process.stdout.write(`${what}: ${value} ${target}\n`);
  }
}
