import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { metadata } from '../../../agent/storage-tools/metadata.ts';
import { ToolRun } from '../../../agent/storage-tools/tool-run.ts';
import { PodometerError } from '../../../protocol/errors.ts';

const owner = { host: 'box', pid: 1 };

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

function withTemporary(t: TestContext, path: string): void {
  const { TMPDIR: before } = process.env;
  process.env.TMPDIR = path;
  t.after(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });
}

test('the report of a tool has no name on the disk, so that nothing is left of it however we end', async (t) => {
  const [volume, temporary] = [folder(t), folder(t)];
  withTemporary(t, temporary);
  const run = new ToolRun(metadata, volume, 'folder', owner);
  assert.deepEqual(readdirSync(temporary), []);
  const step = { perSecond: 1, p50Seconds: 1, p99Seconds: 1, maxSeconds: 1 };
  writeSync(run.stdout, JSON.stringify({ create: step, stat: step, unlink: step }));
  assert.equal((await run.end({ code: 0, signal: undefined })).length, 12);
  await run.release();
  assert.deepEqual(readdirSync(volume), []);
});

test('what it said as it failed is read from there too', async (t) => {
  const run = new ToolRun(metadata, folder(t), 'folder', owner);
  writeSync(run.stderr, 'it is on fire\n');
  await run.end({ code: 1, signal: undefined });
  assert.match(run.failure?.message ?? '', /it is on fire/);
  await run.release();
});

test('where the report has no place, the folder in the volume does not stay either', (t) => {
  const volume = folder(t);
  withTemporary(t, '/nowhere/at/all');
  assert.throws(
    () => new ToolRun(metadata, volume, 'folder', owner),
    (error) =>
      error instanceof PodometerError &&
      error.code === 'PODO_VOLUME_UNUSABLE' &&
      /\/nowhere\/at\/all takes no report of a tool \(ENOENT\)/.test(error.message),
  );
  assert.deepEqual(readdirSync(volume), []);
});
