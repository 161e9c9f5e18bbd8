/** A run of three thousand short processes, one after the other. */
import { FakeStore, member, processEntry, run, series, totalsOf } from '../fake-store.ts';

const PROCESSES = 3000;

export const crowdRef = 'train@1';

export function crowdHistory(): FakeStore {
  const store = new FakeStore();
  const processes = Array.from({ length: PROCESSES }, (_, index) =>
    processEntry({
      index,
      comm: `step-${index}`,
      startMs: index * 100,
      endMs: index * 100 + 400,
      exitCode: 0,
    }),
  );
  const samples = processes.map(({ index, startMs }) =>
    series(
      'utimeTicks',
      [
        [startMs, 0],
        [startMs + 400, 20],
      ],
      { index },
    ),
  );
  const totals = totalsOf({ wallSeconds: PROCESSES * 100 + 400, processes: PROCESSES });
  store.put(run(1, { members: [member({ totals })] }), { processes }, samples);
  return store;
}
