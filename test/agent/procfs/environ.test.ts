import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { environmentHolds, holds } from '../../../agent/procfs/environ.ts';

test('a value is found among several, and only whole', () => {
  const bytes = Buffer.from('A=1\0RUN=outer:inner\0XRUN=other\0');
  assert.equal(holds(bytes, 'RUN', 'inner'), true);
  assert.equal(holds(bytes, 'RUN', 'outer'), true);
  assert.equal(holds(bytes, 'RUN', 'inn'), false);
  assert.equal(holds(bytes, 'RUN', 'other'), false);
});

test('the environment of a real process is asked', async () => {
  const child = spawn('sleep', ['60'], { env: { ...process.env, PODOMETER_TEST: 'x:abc' } });
  await once(child, 'spawn');
  assert.equal(environmentHolds('/proc', child.pid ?? 0, 'PODOMETER_TEST', 'abc'), 'yes');
  assert.equal(environmentHolds('/proc', child.pid ?? 0, 'PODOMETER_TEST', 'abcd'), 'no');
  child.kill();
  await once(child, 'exit');
  assert.equal(environmentHolds('/proc', child.pid ?? 0, 'PODOMETER_TEST', 'abc'), 'no');
});

test('an environment that is empty, as in the middle of an exec, answers neither yes nor no', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, '7'));
  writeFileSync(join(root, '7', 'environ'), '');
  assert.equal(environmentHolds(root, 7, 'PODOMETER_TEST', 'abc'), 'unknown');
});
