import assert from 'node:assert/strict';
import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { restoreBackup } from '../../../aggregator/store/backup.ts';
import type { KeptStore } from '../../../aggregator/store/model.ts';
import { batchOf, bytesOf } from './sample-batches.ts';
import { Program, scratchFolder, scratchStore } from './scratch.ts';

async function append(store: KeptStore, from: number, to: number): Promise<void> {
  for (let sequence = from; sequence < to; sequence++) {
    const batch = batchOf(sequence);
    await store.append(bytesOf(batch), batch);
  }
}

const answers = (store: KeptStore) => [
  [...store.runs()],
  store.series('run-1', { columns: [1, 2] }),
  store.directory('run-1'),
];

test('a backup is one file with all of the history, and restored elsewhere it answers alike and takes more', async (t) => {
  const folder = scratchFolder(t);
  const store = await scratchStore(t);
  await append(store, 0, 50);
  const file = join(folder, 'copy.mdb');
  await store.backup(file);
  assert.deepEqual(readdirSync(folder), ['copy.mdb']);
  const before = answers(store);
  await append(store, 50, 60);
  restoreBackup(file, join(folder, 'elsewhere'));
  const restored = await scratchStore(t, join(folder, 'elsewhere'));
  assert.deepEqual(answers(restored), before);
  assert.deepEqual(restored.check().damage, []);
  await append(restored, 50, 60);
  assert.deepEqual(answers(restored)[1], answers(store)[1]);
});

test('a backup beside another process that writes is of one moment and whole', async (t) => {
  const folder = scratchFolder(t);
  const data = join(folder, 'data');
  const writer = new Program('write', [data, 'run-1', 1, 0, 3000]);
  await writer.line();
  const store = await scratchStore(t, data, { readOnly: true });
  for (let i = 0; i < 5; i++) {
    await store.backup(join(folder, `${i}.mdb`));
    restoreBackup(join(folder, `${i}.mdb`), join(folder, `restored-${i}`));
    const restored = await scratchStore(t, join(folder, `restored-${i}`), { readOnly: true });
    const { damage, batches } = restored.check();
    assert.deepEqual(damage, []);
    assert.equal(Number(restored.run('run-1')?.members[0]?.lastSequence), batches - 1);
  }
  writer.child.kill('SIGKILL');
  await writer.end();
});

test('a backup leaves out the free pages of the store', async (t) => {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, join(folder, 'data'));
  await append(store, 0, 300);
  await store.remove('run-1');
  await store.backup(join(folder, 'copy.mdb'));
  const size = (file: string) => statSync(join(folder, file)).size;
  assert.ok(size('copy.mdb') < size('data/data.mdb') / 2);
});

test('nothing that is there is overwritten, by a backup or by restoring one', async (t) => {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, join(folder, 'data'));
  await append(store, 0, 2);
  writeFileSync(join(folder, 'taken'), 'mine');
  await assert.rejects(store.backup(join(folder, 'taken')), { code: 'PODO_BACKUP_EXISTS' });
  await store.backup(join(folder, 'copy.mdb'));
  const into = join(folder, 'data');
  assert.throws(() => restoreBackup(join(folder, 'copy.mdb'), into), { code: 'PODO_BACKUP_EXISTS' });
});

test('what is not a backup, or was cut short, is not restored, and leaves nothing behind', async (t) => {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, join(folder, 'data'));
  await append(store, 0, 50);
  const file = join(folder, 'copy.mdb');
  await store.backup(file);
  truncateSync(file, statSync(file).size - 5000);
  writeFileSync(join(folder, 'text'), 'not a backup');
  for (const name of ['copy.mdb', 'text', 'missing']) {
    const into = join(folder, 'into');
    assert.throws(() => restoreBackup(join(folder, name), into), { code: 'PODO_IMPORT_MALFORMED' }, name);
    assert.deepEqual(readdirSync(into), []);
  }
});
