import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SleepWatch } from '../../../agent/procfs/sleep-watch.ts';
import { StatFile } from '../../../agent/procfs/stat.ts';

/** A tree with one process, whose files are written over in place. */
function oneProcess(t: TestContext) {
  const procRoot = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(procRoot, { recursive: true }));
  mkdirSync(join(procRoot, '7'));
  const write = (name: string, text: string) => writeFileSync(join(procRoot, '7', name), text);
  const is = (state: string, threads: number) =>
    write('stat', `7 (app) ${state} 1 7 7 0 -1 0 0 0 0 0 3 4 0 0 20 0 ${threads} 0 100 4096 1\n`);
  is('S', 1);
  write('schedstat', '1000 20 3\n');
  const stat = StatFile.open(procRoot, 7);
  assert.ok(stat);
  const watch = new SleepWatch(procRoot, 7);
  t.after(() => {
    stat.close();
    watch.close();
  });
  return { write, is, watch, tick: () => tick(watch, stat) };
}

/** What a sampler does: asks, and reads where it has to. */
function tick(watch: SleepWatch, stat: StatFile): 'asleep' | 'read' {
  if (watch.sleptOn()) return 'asleep';
  stat.read();
  watch.note(stat);
  return 'read';
}

function ticks(count: number, take: () => string): string[] {
  return Array.from({ length: count }, take);
}

test('a process is taken to sleep on once it was read asleep and has not run since', (t) => {
  const { tick } = oneProcess(t);
  assert.deepEqual(ticks(4, tick), ['read', 'read', 'asleep', 'asleep']);
});

test('a process that ran since is read again', (t) => {
  const { tick, write } = oneProcess(t);
  ticks(3, tick);
  write('schedstat', '1000 20 4\n');
  assert.deepEqual(ticks(2, tick), ['read', 'asleep']);
});

test('a process that was running when it was read is read again, although its line is the same', (t) => {
  const { tick, is } = oneProcess(t);
  is('R', 1);
  assert.deepEqual(ticks(3, tick), ['read', 'read', 'read']);
  is('S', 1);
  assert.deepEqual(ticks(4, tick), ['read', 'read', 'asleep', 'asleep']);
});

test('a process with a second thread, whose turns the line does not count, is always read', (t) => {
  const { tick, is } = oneProcess(t);
  is('S', 2);
  assert.deepEqual(ticks(4, tick), ['read', 'read', 'read', 'read']);
});

test('where the kernel does not count turns every tick reads', (t) => {
  const { tick, write } = oneProcess(t);
  write('schedstat', '0 0 0\n');
  assert.deepEqual(ticks(4, tick), ['read', 'read', 'read', 'read']);
});

test('a zombie is not asleep', (t) => {
  const { tick, is } = oneProcess(t);
  is('Z', 1);
  assert.deepEqual(ticks(3, tick), ['read', 'read', 'read']);
});
