import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recorder } from '../../agent/recorder.ts';

const identity = { agent: 'a'.repeat(32), run: 'run', epochMs: 1_700_000_000_000 };
const none = new Map<number, number>();

test('batches are numbered without holes and hold only what is new', () => {
  const recorder = new Recorder(identity);
  const rows = recorder.openRows('process', 0, [1]);
  rows.next[0] = 5;
  rows.append(recorder.tick(100));
  const first = recorder.drain(none);
  const second = recorder.drain(none);
  assert.deepEqual([first.sequence, second.sequence], [0, 1]);
  assert.deepEqual([first.blocks.length, second.blocks.length], [1, 0]);
  assert.deepEqual([first.ticks, second.ticks], [[100], []]);
});

test('two moments within one millisecond are one tick', () => {
  const recorder = new Recorder(identity);
  assert.equal(recorder.tick(100.2), 0);
  assert.equal(recorder.tick(100.4), 0);
  assert.equal(recorder.tick(101.4), 1);
});

test('times go on rising from one batch to the next', () => {
  const recorder = new Recorder(identity);
  recorder.tick(100);
  recorder.drain(none);
  recorder.tick(100);
  assert.deepEqual(recorder.drain(none).ticks, [101]);
});

test('rows of a probe that was closed still go out with the next batch', () => {
  const recorder = new Recorder(identity);
  const rows = recorder.openRows('process', 7, [1]);
  rows.next[0] = 1;
  rows.append(recorder.tick(10));
  recorder.closeRows(rows);
  assert.equal(recorder.drain(none).blocks[0]?.index, 7);
  assert.deepEqual(recorder.drain(none).blocks, []);
});

test('of several names of one process only the last is sent', () => {
  const recorder = new Recorder(identity);
  const record = {
    index: 0,
    pid: 1,
    parent: undefined,
    role: 'target',
    startMs: 0,
    args: undefined,
    container: undefined,
  } as const;
  recorder.process({ ...record, comm: 'sh' });
  recorder.process({ ...record, comm: 'sort' });
  assert.deepEqual(
    recorder.drain(none).processes.map((process) => process.comm),
    ['sort'],
  );
});
