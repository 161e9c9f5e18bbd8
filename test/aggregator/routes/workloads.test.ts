import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkloadsPage } from '../../../protocol/run-list.ts';
import { FakeStore, run } from '../fake-store.ts';
import { answered, serve } from './serving.ts';

test('GET /v1/workloads answers each workload with its latest run and the figures of its last ones', async () => {
  const store = new FakeStore(run(1), run(2), run(3, { workload: { kind: 'Local', name: 'eval' } }));
  const app = await serve(store);
  const { workloads } = answered(WorkloadsPage, await app.inject('/v1/workloads')) as WorkloadsPage;
  assert.deepEqual(
    workloads.map((one) => [
      one.workload.name,
      one.runs,
      one.latest.ref,
      one.recent.map(({ number }) => number),
    ]),
    [
      ['eval', 1, 'eval@3', [3]],
      ['train', 2, 'train@2', [1, 2]],
    ],
  );
});
