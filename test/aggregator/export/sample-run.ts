/** A run of a pod with a container, two processes of which one has a name full of marks, and a host. */
import { type ExportedRun, exportedRun } from '../../../aggregator/export/exported-run.ts';
import { FakeStore, member, processEntry, run, START_MS, series, stateOf, totalsOf } from '../fake-store.ts';

export const EVIL_NAME = '</script><script>alert("x\\y")</script>';
export const RUN_START_MS = START_MS + 3_600_000;

export function sampleExport(): ExportedRun {
  const store = new FakeStore();
  const record = run(1, {
    intervalMs: 1000,
    metrics: ['performance', 'pressure'],
    members: [
      member({
        totals: totalsOf({ wallSeconds: 3000, cpuUserSeconds: 200 }),
        outcome: { endedAtMs: RUN_START_MS + 3000, exitCode: 0, reason: 'exited' },
      }),
    ],
  });
  store.put(
    record,
    {
      containers: [{ member: 0, index: 0, name: 'main' }],
      processes: [
        processEntry({ comm: 'sh', container: 0, endMs: 3000 }),
        processEntry({
          index: 1,
          comm: EVIL_NAME,
          parent: 0,
          container: 0,
          startMs: 1000,
          endMs: 2500,
          exitCode: 3,
        }),
        processEntry({ index: 2, pid: 100, comm: 'again', container: 0, startMs: 2000, endMs: 3000 }),
      ],
      events: [{ atMs: 400, kind: 'gap', value: 3, message: '3 ticks were missed' }],
    },
    [
      series('utimeTicks', [
        [1000, 50],
        [2000, 150],
      ]),
      series('stimeTicks', [
        [1000, 10],
        [2000, 10],
      ]),
      series('rssBytes', [
        [1000, 4096],
        [2000, 8192],
      ]),
      series('runDelayNs', [[2000, 5_000_000]]),
      series('utimeTicks', [[2000, 20]], { index: 1 }),
      series('rssBytes', [[2000, 2 ** 40]], { index: 1 }),
      series('rssBytes', [[3000, 1]], { index: 2 }),
      series('psiIoSomeUs', [[1000, 500_000]], { subject: 'container' }),
      series('psiIoSomeUs', [[1000, 700_000]], { subject: 'host' }),
    ],
  );
  return exportedRun(store, stateOf, record);
}
