import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareSides, DEFAULT_EFFECT } from '../../../aggregator/query/compare.ts';
import { effectFor, judgeGate, parseGate } from '../../../aggregator/query/gate.ts';
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
const gate = (a: readonly number[], b: readonly number[], text: string) => {
  const rules = parseGate(text, '--fail-on');
  const effect = effectFor(rules, DEFAULT_EFFECT);
  return judgeGate(compareSides(side(a), side(b), [], { effect }), rules);
};

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

test('a rise that is too small to be worth naming passes: it is not tested, and not broken', () => {
  const before = [10, 10.02, 9.98, 10.01, 9.99];
  const [quick] = gate([0.03, 0.031, 0.03, 0.032, 0.03], [0.034, 0.033, 0.034, 0.032, 0.034], 'wall>5%');
  assert.deepEqual([quick?.failed, quick?.p], [false, undefined]);
  assert.match(quick?.reason ?? '', /rose by 10 %, and 5 % is allowed$/);
  assert.equal(gate(before, [10.05, 10.03, 10.02, 10.04, 9.99], 'wall>3%')[0]?.failed, false);
});

test('a limit below the smallest change worth naming is kept, by the same test', () => {
  const before = [10, 10.02, 9.98, 10.01, 9.99];
  const slower = gate(before, [10.2, 10.22, 10.18, 10.21, 10.19], 'wall>1%');
  assert.deepEqual([slower[0]?.failed, slower[0]?.p?.toFixed(4)], [true, '0.0079']);
  const scattered = gate([10, 10.2, 9.9, 10.1, 10], [10.2, 10, 10.3, 10.15, 9.95], 'wall>1%');
  assert.equal(scattered[0]?.failed, false);
  assert.ok((scattered[0]?.p ?? 0) > 0.05);
});
