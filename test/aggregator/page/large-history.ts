/** A run of a day with 40 processes, of which few samples were kept: what counts is how many it tells of. */
import { FakeStore, member, processEntry, run, series, totalsOf } from '../fake-store.ts';

const PROCESSES = 40;
const HOURS = 24;
const HOUR_MS = 3_600_000;

export const largeRef = 'train@1';

export function largeHistory(): FakeStore {
  const store = new FakeStore();
  const processes = Array.from({ length: PROCESSES }, (_, index) =>
    processEntry({ index, comm: `step-${index}`, endMs: HOURS * HOUR_MS, exitCode: 0 }),
  );
  const hours = Array.from({ length: HOURS * 60 + 1 }, (_, minute) => minute * 60_000);
  const samples = processes.flatMap(({ index }) => [
    series(
      'utimeTicks',
      hours.map((ms) => [ms, (ms / 1000) * (1 + (index % 5))] as const),
      { index },
    ),
    series(
      'rssBytes',
      hours.map((ms) => [ms, (index + 1) * 2 ** 20] as const),
      { index },
    ),
  ]);
  const totals = totalsOf({ wallSeconds: HOURS * HOUR_MS, processes: PROCESSES });
  store.put(run(1, { intervalMs: 1000, members: [member({ totals })] }), { processes }, samples);
  return store;
}
