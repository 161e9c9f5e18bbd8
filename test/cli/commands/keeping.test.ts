/** The commands that keep a history safe: check, backup, restore. */
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { podometer } from '../podometer.ts';
import { sampleHistory, scratchFolder } from '../sample-history.ts';

test('a sound history is said to be sound', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const { stdout, code } = await podometer(['check', '--data', data]);
  assert.match(stdout, /^2 runs, 4 batches, 0 slices, .*: nothing is damaged\.\n$/);
  assert.equal(code, 0);
});

test('a damaged batch is told of with its run, and the exit code is 1', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const file = join(data, 'data.mdb');
  const bytes = readFileSync(file);
  // Within the first batch: the name of its second process.
  for (let at = bytes.indexOf('worker'); at >= 0; at = bytes.indexOf('worker', at)) bytes.write('WORKER', at);
  writeFileSync(file, bytes);
  const { stdout, code } = await podometer(['check', '--data', data]);
  assert.match(stdout, /train@1: Batch 0 of member 0 is damaged/);
  assert.equal(code, 1);
  const json = await podometer(['check', '--json', '--data', data]);
  assert.equal(JSON.parse(json.stdout).damage.length, 1);
});

test('a page that is lost is told before LMDB could stumble over it', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const file = join(data, 'data.mdb');
  writeFileSync(file, readFileSync(file).fill(0, 8192));
  const { stderr, code } = await podometer(['check', '--data', data]);
  assert.match(stderr, /PODO_STORE_CORRUPT/);
  assert.equal(code, 2);
});

test('with --json a backup tells its file and size, and restoring one the folder and its runs', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const cwd = scratchFolder(t);
  const backup = await podometer(['backup', 'copy.mdb', '--data', data, '--json'], { cwd });
  const file = join(cwd, 'copy.mdb');
  assert.deepEqual(JSON.parse(backup.stdout), { file, bytes: statSync(file).size });
  const restored = await podometer(['restore', 'copy.mdb', '--data', 'there', '--json'], { cwd });
  assert.deepEqual(JSON.parse(restored.stdout), { folder: join(cwd, 'there'), runs: 2 });
});

test('a history goes through a backup to another folder', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const cwd = scratchFolder(t);
  assert.match(
    (await podometer(['backup', 'copy.mdb', '--data', data], { cwd })).stdout,
    /^copy\.mdb: .*KiB\n$/,
  );
  const restored = await podometer(['restore', 'copy.mdb', '--data', 'there'], { cwd });
  assert.equal(restored.stdout, `${join(cwd, 'there')}: 2 runs\n`);
  const list = (folder: string) => podometer(['runs', '--json', '--data', folder], { cwd });
  assert.equal((await list('there')).stdout, (await list(data)).stdout);
  assert.match(
    (await podometer(['restore', 'copy.mdb', '--data', data], { cwd })).stderr,
    /PODO_BACKUP_EXISTS/,
  );
});
