import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FindingsPage } from '../../../protocol/findings.ts';
import type { ColumnName } from '../../../protocol/metrics.ts';
import type { Pod } from '../../../protocol/pods.ts';
import { RightsizeAnswer } from '../../../protocol/rightsize.ts';
import { FakeStore, run, series } from '../fake-store.ts';
import { answered, assertRefused, serve } from './serving.ts';

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

test('GET /v1/workloads/{name}/rightsize sets what was needed beside what the newest pods request', async () => {
  const app = await serve(filled(100));
  const answer = answered(
    RightsizeAnswer,
    await app.inject('/v1/workloads/train/rightsize'),
  ) as RightsizeAnswer;
  assert.deepEqual(answer.runs, ['train@2', 'train@1']);
  const [main] = answer.containers;
  assert.deepEqual(main?.set, { requests: { cpu: '2', memory: '4Gi' } });
  assert.deepEqual(main?.advised, {
    requests: { cpu: '250m', memory: '120Mi' },
    limits: { memory: '120Mi' },
  });
  assert.deepEqual(
    answer.findings.map(({ kind, container }) => [kind, container]),
    [
      ['oversized-request', 'main'],
      ['oversized-request', 'main'],
    ],
  );
});

test('it takes as many runs and as much headroom as is asked for, and knows no other workload', async () => {
  const app = await serve(filled(100));
  const response = await app.inject('/v1/workloads/train/rightsize?runs=1&headroom=0.5');
  const answer = answered(RightsizeAnswer, response) as RightsizeAnswer;
  assert.deepEqual([answer.runs, answer.containers[0]?.advised.requests?.memory], [['train@2'], '150Mi']);
  await assertRefused(app, '/v1/workloads/tran/rightsize', 'PODO_RUN_NOT_FOUND', /"tran@latest"/);
  await assertRefused(app, '/v1/workloads/train/rightsize?runs=0', 'PODO_BAD_REQUEST', /runs/);
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
