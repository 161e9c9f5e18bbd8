import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings } from '../../../aggregator/query/compare.ts';
import { comparedResults, judgedValues } from '../../../aggregator/query/compared-results.ts';
import { judgeMeasures } from '../../../aggregator/query/judge-measures.ts';

const iops = { name: 'fio.read.iops', unit: '1/s', better: 'higher' } as const;
const run = (value: number, unit: '1/s' | '1' = '1/s') => ({
  measures: {},
  results: [{ ...iops, unit, value }],
});

function judged(a: ReturnType<typeof run>[], b: ReturnType<typeof run>[]) {
  return judgeMeasures(
    a.map(judgedValues),
    b.map(judgedValues),
    defaultSettings({}),
    comparedResults([...b, ...a]),
  );
}

test('a result is judged as a measure is', () => {
  const [delta] = judged(
    [100, 101, 102, 103, 104].map((value) => run(value)),
    [150, 151, 152, 153, 154].map((value) => run(value)),
  );

  assert.equal(delta?.measure, 'fio.read.iops');
  assert.equal(delta?.better, 'higher');
  assert.equal(delta?.verdict, 'more');
  assert.deepEqual([delta?.a, delta?.b, delta?.delta], [102, 152, 50]);
});

test('a result whose unit changed is another one on each side', () => {
  const deltas = judged([run(100)], [run(3, '1')]);

  assert.deepEqual(
    deltas.map(({ unit, a, b }) => [unit, a, b]),
    [
      ['1', undefined, 3],
      ['1/s', 100, undefined],
    ],
  );
});

test('runs without results have none to compare', () => {
  assert.deepEqual(comparedResults([{ measures: {} }]), []);
});
