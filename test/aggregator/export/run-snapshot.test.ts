import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportedRun } from '../../../aggregator/export/exported-run.ts';
import { runSnapshot } from '../../../aggregator/export/run-snapshot.ts';
import { FakeStore, run, series, stateOf } from '../fake-store.ts';

function heldOutputs(count: number): string[] {
  const store = new FakeStore();
  const record = run(1);
  const indices = Array.from({ length: count }, (_, index) => index);
  store.put(
    record,
    { outputs: indices.map((index) => ({ member: 0, index, name: `loss${index}`, decimals: 2 })) },
    indices.map((index) => series('outputValue', [[0, 150]], { subject: 'output', index })),
  );
  const { lines } = runSnapshot(exportedRun(store, stateOf, record)).series;
  assert.ok(lines.every(({ mean }) => mean[0] === 1.5));
  return lines.map(({ subject, key }) => `${subject} ${key}`);
}

test("a saved run holds the application's own figures, and of very many the first", () => {
  assert.deepEqual(heldOutputs(2), ['output loss0', 'output loss1']);
  assert.equal(heldOutputs(70).length, 64);
});
