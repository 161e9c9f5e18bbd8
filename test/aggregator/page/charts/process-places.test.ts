import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeNames, processLabels } from '../../../../aggregator/page/charts/process-places.ts';
import type { ProcessView } from '../../../../protocol/query.ts';

function process(key: string, pid: number, member: string, container?: string): ProcessView {
  const rest = { role: 'target', comm: 'sort', startMs: 0, samples: 1 } as const;
  return { key, pid, member, ...rest, ...(container !== undefined && { container }) };
}

const labels = (...processes: ProcessView[]) => [...processLabels(processes).values()];

test('of several members each process is named by the part in which their names differ', () => {
  assert.deepEqual(labels(process('0.0', 7, 'job-a-x1'), process('1.0', 7, 'job-a-x2')), [
    'sort 7 · …x1',
    'sort 7 · …x2',
  ]);
  assert.deepEqual(labels(process('0.0', 7, 'web'), process('1.0', 7, 'web-1')), [
    'sort 7 · web',
    'sort 7 · web-1',
  ]);
  assert.deepEqual(labels(process('0.0', 7, 'box')), ['sort 7']);
});

test('the same name and pid in two containers of a pod are told apart', () => {
  const processes = [
    process('0.0', 7, 'p', 'main'),
    process('0.1', 7, 'p', 'proxy'),
    process('0.2', 8, 'p', 'main'),
  ];
  assert.deepEqual(labels(...processes), ['sort 7 · main', 'sort 7 · proxy', 'sort 8']);
});

test('a place is named by what a run has several of', () => {
  const [a, b] = [process('0.0', 7, 'p', 'main'), process('1.0', 7, 'q', 'main')];
  const c = process('0.1', 8, 'p', 'proxy');
  assert.equal(placeNames([a, b])(a), 'p');
  assert.equal(placeNames([a, c])(c), 'proxy');
  assert.equal(placeNames([a, b, c])(c), 'p · proxy');
  assert.equal(placeNames([a])(a), undefined);
  assert.equal(placeNames([a, process('0.2', 9, 'p')])(process('0.2', 9, 'p')), 'no container');
});
