import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { open } from 'lmdb';
import { FORMAT_VERSION } from '../../../aggregator/store/keys.ts';
import { openStore } from '../../../aggregator/store/open.ts';
import { environmentOptions } from '../../../aggregator/store/tables.ts';
import { type ErrorCode, PodometerError } from '../../../protocol/errors.ts';
import { batchOf, bytesOf } from './sample-batches.ts';
import { Program, scratchFolder, scratchStore } from './scratch.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const needsRoot = { skip: isRoot ? false : 'needs root, to become another user' };

async function filledFolder(t: TestContext, batches = 30): Promise<string> {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, folder);
  for (let sequence = 0; sequence < batches; sequence++) {
    const batch = batchOf(sequence);
    await store.append(bytesOf(batch), batch);
  }
  await store.close();
  return folder;
}

function failure(code: ErrorCode, folder: string) {
  return (error: unknown) =>
    error instanceof PodometerError &&
    error.code === code &&
    error.message.includes(folder) &&
    error.mend.length > 10;
}

test('a store is made with its folders, for its owner alone, and is there at once', async (t) => {
  const folder = join(scratchFolder(t), 'a', 'b');
  await scratchStore(t, folder);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(folder).sort(), ['data.mdb', 'guard', 'lock.mdb']);
  assert.deepEqual([...(await scratchStore(t, folder, { readOnly: true })).runs()], []);
});

test('where no folder can be made at all, that is told', async () => {
  await assert.rejects(openStore('/proc/podometer/x'), failure('PODO_STORE_READ_ONLY', '/proc/podometer/x'));
});

test('a folder whose name looks like a file is a folder', async (t) => {
  const folder = join(scratchFolder(t), 'history.mdb');
  await scratchStore(t, folder);
  assert.ok(statSync(folder).isDirectory());
});

test('a reader finds no history where there is none, and makes nothing', async (t) => {
  const folder = scratchFolder(t);
  const missing = join(folder, 'nothing');
  for (const one of [folder, missing]) {
    await assert.rejects(openStore(one, { readOnly: true }), failure('PODO_STORE_MISSING', one));
  }
  assert.deepEqual(readdirSync(folder), []);
});

test('a reader does not write', async (t) => {
  const folder = await filledFolder(t);
  const reader = await scratchStore(t, folder, { readOnly: true });
  assert.equal(reader.run('run-1')?.members[0]?.lastSequence, 29);
  const batch = batchOf(30);
  for (const change of [
    () => reader.append(bytesOf(batch), batch),
    () => reader.update('run-1', (run) => run),
    () => reader.remove('run-1'),
    () => reader.seal('run-1'),
  ]) {
    await assert.rejects(change, failure('PODO_STORE_READ_ONLY', folder));
  }
});

test('a folder that is a file is named', async (t) => {
  const file = join(scratchFolder(t), 'file');
  writeFileSync(file, '');
  for (const folder of [file, join(file, 'below')]) {
    await assert.rejects(openStore(folder), failure('PODO_BAD_CONFIG', folder));
  }
});

test('a store of another user can be read and not written', needsRoot, async (t) => {
  const folder = await filledFolder(t);
  for (const mode of [0o755, 0o555]) {
    chmodSync(folder, mode);
    const program = new Program('use', [folder], { uid: NOBODY, gid: NOBODY });
    assert.deepEqual(await program.end(), { code: 0, errors: '' });
    assert.deepEqual(program.lines, ['runs run-1', 'append PODO_STORE_READ_ONLY', 'open ok']);
  }
});

test('a folder that may not be written gets no store', needsRoot, async (t) => {
  const folder = scratchFolder(t);
  chmodSync(folder, 0o555);
  for (const one of [folder, join(folder, 'new')]) {
    const program = new Program('use', [one], { uid: NOBODY, gid: NOBODY });
    await program.end();
    assert.deepEqual(program.lines, ['open PODO_STORE_READ_ONLY']);
  }
});

test('a folder that is owned but whose files are not may be read', needsRoot, async (t) => {
  const folder = await filledFolder(t);
  chmodSync(folder, 0o755);
  chownSync(folder, NOBODY, NOBODY);
  const program = new Program('use', [folder], { uid: NOBODY, gid: NOBODY });
  await program.end();
  assert.deepEqual(program.lines, ['runs run-1', 'append PODO_STORE_READ_ONLY', 'open ok']);
});

const damages: Record<string, (file: string) => void> = {
  'is empty': (file) => truncateSync(file, 0),
  'is cut within its first page': (file) => truncateSync(file, 1000),
  'is cut after its first page': (file) => truncateSync(file, 4096),
  'is cut in half': (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
  'has lost its last page': (file) => truncateSync(file, statSync(file).size - 4096),
  'is all garbage': (file) => writeFileSync(file, Buffer.alloc(statSync(file).size, 0x5a)),
  'is a text': (file) => writeFileSync(file, 'not a store\n'.repeat(2000)),
  'has a garbage first page': (file) => writeFileSync(file, readFileSync(file).fill(0xa5, 0, 4096)),
  'has a garbage second page': (file) => writeFileSync(file, readFileSync(file).fill(0xa5, 4096, 8192)),
};

for (const [damage, inflict] of Object.entries(damages)) {
  test(`a data file that ${damage} is told, and left as it is`, async (t) => {
    const folder = await filledFolder(t);
    const file = join(folder, 'data.mdb');
    inflict(file);
    const before = readFileSync(file);
    for (const readOnly of [true, false]) {
      await assert.rejects(openStore(folder, { readOnly }), failure('PODO_STORE_CORRUPT', folder));
    }
    assert.deepEqual(readFileSync(file), before);
  });
}

test('an LMDB environment of another program is not taken for a store', async (t) => {
  const folder = scratchFolder(t);
  const other = open(folder, {});
  await other.put('key', 'value');
  await other.close();
  for (const readOnly of [true, false]) {
    await assert.rejects(openStore(folder, { readOnly }), failure('PODO_STORE_CORRUPT', folder));
  }
});

test('a store of a newer format is left alone', async (t) => {
  const folder = await filledFolder(t);
  const root = open(folder, environmentOptions);
  root.openDB({ name: 'meta' }).putSync('format', { version: FORMAT_VERSION + 1, createdAtMs: 0 });
  await root.close();
  for (const readOnly of [true, false]) {
    await assert.rejects(openStore(folder, { readOnly }), failure('PODO_STORE_NEWER', folder));
  }
});

test('a crash before a store was in place leaves nothing in the way', async (t) => {
  const folder = scratchFolder(t);
  mkdirSync(join(folder, '.new-killed'));
  writeFileSync(join(folder, '.new-killed', 'data.mdb'), '');
  await assert.rejects(openStore(folder, { readOnly: true }), failure('PODO_STORE_MISSING', folder));
  assert.deepEqual([...(await scratchStore(t, folder)).runs()], []);
});
