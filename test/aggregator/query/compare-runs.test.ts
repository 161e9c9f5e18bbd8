import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRuns } from '../../../aggregator/query/compare-runs.ts';
import { stateOf } from '../fake-store.ts';
import { compareHistory } from '../page/compare-history.ts';

const store = compareHistory();
const verdictOfWall = (answer: Awaited<ReturnType<typeof compareRuns>>) =>
  answer.measures.find(({ measure }) => measure === 'wallSeconds')?.verdict;

test('the phase that a change in wall time lies in is named', async () => {
  const answer = await compareRuns(store, stateOf, { a: 'train@2..6', b: 'train@8..12' });
  assert.equal(verdictOfWall(answer), 'more');
  assert.match(
    answer.phases?.sentence ?? '',
    /^Phase \d of \d took 2\d\.\d s longer \(1\d\.\d s -> 3\d\.\d s\), writing 1\d\.\d MiB\/s in place of/,
  );
});

test('the phase in which the process to blame took its time is named', async () => {
  const answer = await compareRuns(store, stateOf, { a: 'train@2..6', b: 'train@8..12' });
  const [wall] = answer.attributions;
  assert.match(
    wall?.sentence ?? '',
    /`flush`, .*; most of it in phase 4 of 5 \(from 50\.\d s to 1 min 2\d s\)\.$/,
  );
  assert.deepEqual(wall?.causes[0]?.processes, { a: [], b: ['0.5'] });
});

test('where the runs that stand for the sides differ by chance, no phase is named', async () => {
  const answer = await compareRuns(store, stateOf, {
    a: 'train@2,train@3,train@4,train@8,train@9',
    b: 'train@5,train@6,train@10,train@11,train@12',
  });
  assert.equal(verdictOfWall(answer), 'noise');
  assert.ok((answer.b.measures.wallSeconds ?? 0) > 1.3 * (answer.a.measures.wallSeconds ?? 0));
  assert.ok((answer.phases?.pairs.length ?? 0) > 1);
  assert.equal(answer.phases?.sentence, undefined);
});
