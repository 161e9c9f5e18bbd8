import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareSides } from '../../../aggregator/query/compare.ts';
import { judgeGate, parseGate } from '../../../aggregator/query/gate.ts';
import { runView } from '../../../aggregator/query/run-view.ts';
import type { SideInput } from '../../../aggregator/query/side.ts';
import { member, run, totalsOf } from '../fake-store.ts';

const side = (walls: readonly number[]): SideInput => ({
  label: 'x',
  runs: walls.map((wall, i) => {
    const totals = totalsOf({ wallSeconds: wall * 1000, readBytes: 0 });
    return {
      run: runView(run(i + 1, { members: [member({ totals })] }), 'finished'),
      processes: [],
      containers: [],
    };
  }),
});
const gate = (a: readonly number[], b: readonly number[], rules: string) =>
  judgeGate(compareSides(side(a), side(b), []), parseGate(rules, '--fail-on'));

test('rules are measures with a percentage', () => {
  assert.deepEqual(parseGate('wall>5%, peakRss > 2.5 %,averageCores>0%', '--fail-on'), [
    { measure: 'wallSeconds', limit: 0.05 },
    { measure: 'peakRssBytes', limit: 0.025 },
    { measure: 'averageCores', limit: 0 },
  ]);
  for (const bad of ['wall', 'wall>5', 'wall<5%', ''])
    assert.throws(() => parseGate(bad, '--fail-on'), /not a rule/);
  assert.throws(() => parseGate('fame>5%', '--fail-on'), /"fame", which is not a measure/);
});

test('a rise above the limit fails where it is more than chance explains', () => {
  const [result] = gate([10, 10.1, 9.9, 10, 10.2], [12, 12.1, 11.9, 12, 12.2], 'wall>5%');
  assert.deepEqual(
    [result?.failed, result?.reason],
    [true, 'wall time rose by 20 %, and 5 % is allowed; p = 0.0079'],
  );
  assert.equal(gate([10, 10.1, 9.9, 10, 10.2], [12, 12.1, 11.9, 12, 12.2], 'wall>25%')[0]?.failed, false);
});

test('a rise that may be chance passes, and one that so few runs cannot judge fails', () => {
  assert.equal(gate([10, 14, 9, 13, 10], [12, 9, 15, 14, 13], 'wall>5%')[0]?.failed, false);
  const [one] = gate([10], [12], 'wall>5%');
  assert.deepEqual(
    [one?.failed, one?.reason],
    [true, 'wall time rose by 20 %, and 5 % is allowed; so few runs cannot tell it from chance'],
  );
  assert.equal(gate([10], [10.2], 'wall>5%')[0]?.failed, false);
});

test('a fall never fails, nor what was not measured, and both say so', () => {
  const [fall, absent] = gate(
    [12, 12.1, 11.9, 12, 12.2],
    [10, 10.1, 9.9, 10, 10.2],
    'wall>0%,majorFaults>5%',
  );
  assert.deepEqual([fall?.failed, absent?.failed], [false, false]);
  assert.match(fall?.reason ?? '', /fell by 17 %/);
  assert.match(absent?.reason ?? '', /majorFaults was not measured on both sides/);
});
