/** A store with one run of two processes. */
import { FakeStore, processEntry, run, series } from '../fake-store.ts';

export function sampledStore(change: Parameters<typeof run>[1] = {}): FakeStore {
  const store = new FakeStore();
  store.put(
    run(1, change),
    {
      processes: [processEntry({ comm: 'sh' }), processEntry({ index: 1, comm: 'gzip', parent: 0 })],
      events: [{ atMs: 400, kind: 'gap', value: 3, message: '3 ticks were missed' }],
    },
    [
      series('utimeTicks', [
        [100, 10],
        [1000, 100],
      ]),
      series(
        'rssBytes',
        [
          [100, 4096],
          [1000, 8192],
        ],
        { index: 1 },
      ),
    ],
  );
  return store;
}
