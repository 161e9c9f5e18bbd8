import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const skip = process.platform === 'win32' ? 'the demo needs sh and cksum' : false;
const script = join(import.meta.dirname, '../../examples/demo/main.js');

/** Starts the demo with a folder of the test's own for its files. */
function startDemo(t: { after(fn: () => void): void }, ...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-demo-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const child = spawn(process.execPath, [script, '--folder', folder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  return { child, folder, output, ended: once(child, 'exit') };
}

test('the demo says how far it is, ends well and leaves no file', { skip }, async (t) => {
  const { folder, output, ended } = startDemo(t, '--compression-level', '1');

  assert.deepEqual(await ended, [0, null]);
  const [told, complaints] = await output;
  assert.match(told, /compressing 60 MB of log at level 1\n/);
  assert.match(told, /done: [1-9][\d.]+ MB stored\n$/);
  assert.equal(complaints, '');
  assert.deepEqual(readdirSync(folder), []);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends the demo and its workers, and leaves no file`, { skip }, async (t) => {
    const { child, folder, output, ended } = startDemo(t, '--compression-level', '9');
    while (readdirSync(folder, { recursive: true }).length < 2) await sleep(20);
    child.kill(signal);

    assert.deepEqual(await ended, [null, signal]);
    // The workers hold the demo's standard error, so that it closes when the last of them has ended.
    const [, complaints] = await output;
    assert.equal(complaints, '');
    assert.deepEqual(readdirSync(folder), []);
  });
}

test('a level or a folder that cannot be is told in a sentence', { skip }, async (t) => {
  for (const [args, sentence] of [
    [['--compression-level', '10'], /--compression-level is 10; say a whole number from 1 to 9/],
    [['--folder', '/nowhere/at/all'], /no such file or directory.*\/nowhere/],
    [['--speed', '3'], /--speed/],
  ] as const) {
    const { output, ended } = startDemo(t, ...args);
    assert.deepEqual(await ended, [2, null]);
    const [, complaints] = await output;
    assert.match(complaints, sentence);
    assert.equal(complaints.trim().split('\n').length, 1);
  }
});
