import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  adviceFor,
  DEFAULT_HEADROOM,
  type Resources,
} from '../../../../aggregator/query/rightsize/advice.ts';
import { workloadNeeds } from '../../../../aggregator/query/rightsize/workload-needs.ts';
import { FindingsPage } from '../../../../protocol/findings.ts';
import type { ColumnName } from '../../../../protocol/metrics.ts';
import { WorkloadNeeds } from '../../../../protocol/needs.ts';
import type { Pod } from '../../../../protocol/pods.ts';
import { FakeStore, run, series, stateOf } from '../../fake-store.ts';
import { answered, serve } from '../../routes/serving.ts';

const MiB = 2 ** 20;

const podOf = (createdAt: string, cpu: string): Pod => ({
  name: 'web-a',
  uid: createdAt,
  phase: 'Succeeded',
  createdAt,
  containers: [
    { name: 'main', role: 'main', image: 'web:1', restarts: 0, spells: [], requests: { cpu, memory: '4Gi' } },
  ],
});

/** Run `number` of `train`, of whose container there is one reading a second. */
function put(store: FakeStore, number: number, seconds: number, pods: Pod[]): void {
  const bySecond = (column: ColumnName, valueAt: (second: number) => number) =>
    series(
      column,
      Array.from({ length: seconds }, (_, second) => [second * 1000, valueAt(second)] as const),
      { subject: 'container' },
    );
  const workload = { kind: 'Job', name: 'train', namespace: 'team' } as const;
  store.put(run(number, { workload, pods }), { containers: [{ member: 0, index: 0, name: 'main' }] }, [
    bySecond('cpuUsageUs', (second) => second * 250_000),
    bySecond('memoryCurrentBytes', () => 100 * MiB),
  ]);
}

function filled(seconds: number): FakeStore {
  const store = new FakeStore();
  put(store, 1, seconds, [podOf('2026-01-01T00:00:00.000Z', '8')]);
  put(store, 2, seconds, [podOf('2026-01-02T00:00:01.000Z', '2'), podOf('2026-01-02T00:00:00.000Z', '4')]);
  return store;
}

test('GET /v1/needs tells what the newest pods request beside what was needed', async () => {
  const app = await serve(filled(100));
  const answer = answered(WorkloadNeeds, await app.inject('/v1/needs?workload=train')) as WorkloadNeeds;
  assert.deepEqual(answer.runs, ['train@2', 'train@1']);
  const [main] = answer.containers;
  assert.deepEqual(main?.set, { requests: { cpu: '2', memory: '4Gi' } });
  assert.deepEqual(main?.cpuCores, { p95: 0.25, peak: 0.25 });
});

test('advice holds against the pods where no manifest is given, and against the manifest where one is', async () => {
  const store = filled(100);
  const { containers } = workloadNeeds(store, stateOf, 'train', 10);
  const setBy = (manifest: ReadonlyMap<string, Resources>) =>
    adviceFor(containers, manifest, DEFAULT_HEADROOM).map(({ set }) => set.requests?.cpu);
  assert.deepEqual(setBy(new Map()), ['2']);
  assert.deepEqual(setBy(new Map([['main', { requests: { cpu: '6' } }]])), ['6']);
});

test('a run whose pods request far more than it used is told so, if it was looked at for long enough', async () => {
  const findings = async (seconds: number) => {
    const app = await serve(filled(seconds));
    return (answered(FindingsPage, await app.inject('/v1/runs/train@2/findings')) as FindingsPage).findings;
  };
  const found = await findings(100);
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ['oversized-request', 'oversized-request'],
  );
  assert.match(found[0]?.sentence ?? '', /requests 2\.00 CPUs and used at most 0\.25 in 95 % of the time/);
  assert.deepEqual(await findings(30), []);
});
