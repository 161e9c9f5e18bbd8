import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WaitClasses } from '../../../agent/metrics/wait-class.ts';

const READ = 0;
const FAULT = -1;
const x64 = WaitClasses.of('x64');
const arm64 = WaitClasses.of('arm64');

function classOfRead(wchan: string | undefined, state: 'sleeping' | 'uninterruptible' = 'sleeping') {
  return x64?.classOf(state, READ, () => wchan);
}

test('a system call with one meaning tells alone, whatever its number on the machine', () => {
  const ask = (): never => assert.fail('wchan was asked for');
  const futexes = [x64?.classOf('sleeping', 202, ask), arm64?.classOf('sleeping', 98, ask)];
  const sleeps = [x64?.classOf('sleeping', 230, ask), arm64?.classOf('sleeping', 115, ask)];
  const polls = [x64?.classOf('sleeping', 232, ask), arm64?.classOf('sleeping', 22, ask)];
  const waits = [x64?.classOf('sleeping', 61, ask), arm64?.classOf('sleeping', 260, ask)];
  const syncs = [x64?.classOf('uninterruptible', 74, ask), arm64?.classOf('uninterruptible', 82, ask)];
  assert.deepEqual(
    [futexes, sleeps, polls, waits, syncs].flat(),
    ['lock', 'timer', 'network', 'child', 'disk'].flatMap((name) => [name, name]),
  );
});

test('what a read waits for is told by the kernel’s function', () => {
  assert.equal(classOfRead('anon_pipe_read'), 'pipe');
  assert.equal(classOfRead('pipe_read'), 'pipe');
  assert.equal(classOfRead('unix_stream_read_generic'), 'network');
  assert.equal(classOfRead('wait_woken'), 'network');
  assert.equal(classOfRead('folio_wait_bit_common', 'uninterruptible'), 'disk');
});

test('an uninterruptible wait is for storage unless something else is known of it', () => {
  assert.equal(classOfRead(undefined, 'uninterruptible'), 'disk');
  assert.equal(
    x64?.classOf('uninterruptible', FAULT, () => undefined),
    'disk',
  );
  assert.equal(
    x64?.classOf('uninterruptible', FAULT, () => 'rwsem_down_read_slowpath'),
    'lock',
  );
  assert.equal(
    x64?.classOf('uninterruptible', 58, () => undefined),
    'child',
  );
});

test('a wait of which nothing is known is another', () => {
  assert.equal(classOfRead(undefined), 'other');
  assert.equal(classOfRead('msleep_interruptible'), 'other');
});

test('an architecture without a table has no classes', () => {
  assert.equal(WaitClasses.of('riscv64'), undefined);
});
