import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { removeAbandoned } from '../../../agent/storage-tools/abandoned-folders.ts';
import { WorkFolder } from '../../../agent/storage-tools/work-folder.ts';
import { PodometerError } from '../../../protocol/errors.ts';

const self = { host: 'box', pid: 100, bootId: 'this-boot' };
const other = { host: 'other-box', pid: 7 };
const onlySelf = (pid: number): boolean => pid === self.pid;

function volume(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** As if its owner had not shown itself for so long. */
function silentFor(minutes: number, folder: WorkFolder): WorkFolder {
  const thenS = Date.now() / 1000 - minutes * 60;
  utimesSync(join(folder.path, '.owner.json'), thenS, thenS);
  return folder;
}

test('a work folder is removed with what is in it', (t) => {
  const path = volume(t);
  const folder = new WorkFolder(path, self);
  writeFileSync(join(folder.path, 'data'), 'x');
  folder.remove();
  assert.deepEqual(readdirSync(path), []);
});

test('the folders of those of this machine who died are removed at once, others and unknown ones left alone', (t) => {
  const path = volume(t);
  const dead = new WorkFolder(path, { ...self, pid: 7 });
  const before = new WorkFolder(path, { ...self, bootId: 'earlier-boot' });
  const kept = [silentFor(60, new WorkFolder(path, self)).path, new WorkFolder(path, other).path];
  const unknown = join(path, 'podometer-storage-unknown');
  mkdirSync(unknown);
  const removed = removeAbandoned(path, self, onlySelf);
  assert.deepEqual(removed.toSorted(), [dead.path, before.path].toSorted());
  assert.ok([...kept, unknown].every(existsSync));
});

test('the folder of another machine or pod is removed once its owner has been silent for long', (t) => {
  const path = volume(t);
  const silent = silentFor(11, new WorkFolder(path, other));
  const alive = silentFor(5, new WorkFolder(path, other));
  assert.deepEqual(removeAbandoned(path, self, onlySelf), [silent.path]);
  assert.ok(existsSync(alive.path));
});

test('an owner that lives shows itself every half minute', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const path = volume(t);
  const folder = silentFor(60, new WorkFolder(path, other));
  t.mock.timers.tick(30_000);
  assert.deepEqual(removeAbandoned(path, self, onlySelf), []);
  folder.remove();
});

test('a folder in which the tool of a dead owner works on is left, and the volume refused', (t) => {
  const path = volume(t);
  const folder = new WorkFolder(path, { ...self, pid: 7 });
  folder.setTool(8);
  assert.throws(
    () => removeAbandoned(path, self, (pid) => pid === 8),
    (error) =>
      error instanceof PodometerError &&
      error.code === 'PODO_VOLUME_REFUSED' &&
      /its tool, process 8, works on/.test(error.message) &&
      /kill 8/.test(error.mend),
  );
  assert.ok(existsSync(folder.path));
  assert.deepEqual(removeAbandoned(path, self, onlySelf), [folder.path]);
});

test('a volume that is not there has nothing to remove', () => {
  assert.deepEqual(removeAbandoned('/nowhere/at/all', self, onlySelf), []);
});
