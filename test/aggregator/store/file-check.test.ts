import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { checkDataFile } from '../../../aggregator/store/file-check.ts';
import { batchOf, bytesOf, processOf } from './sample-batches.ts';
import { Program, scratchFolder, scratchStore } from './scratch.ts';

const PAGE = 4096;
const LAST_PAGE = 144;

interface Filled {
  readonly folder: string;
  readonly file: string;
  readonly bytes: Buffer;
  readonly answers: unknown;
}

/** A store with a sealed run, one in the log, and values that have pages of their own. */
async function filled(t: TestContext): Promise<Filled> {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, folder);
  for (const run of ['run-1', 'run-2']) {
    const agent = Number(run.slice(4));
    const args = `${run} `.repeat(500);
    for (let sequence = 0; sequence < 20; sequence++) {
      const processes = [processOf(sequence, { args })];
      const batch = batchOf(sequence, { run, agent, tickMs: 5000 }, { processes });
      await store.append(bytesOf(batch), batch);
    }
  }
  await store.seal('run-1');
  await store.close();
  const file = join(folder, 'data.mdb');
  return { folder, file, bytes: readFileSync(file), answers: await answersOf(t, folder) };
}

async function answersOf(t: TestContext, folder: string): Promise<unknown> {
  const store = await scratchStore(t, folder, { readOnly: true });
  const runs = [...store.runs()];
  const answers = runs.map(({ id }) => [store.directory(id), store.series(id, { columns: [1, 2] })]);
  await store.close();
  return [runs, answers];
}

function verdict(folder: string): string {
  try {
    return checkDataFile(folder);
  } catch (error) {
    return (error as Error).message;
  }
}

test('whichever page is lost, that is told, or reading what is left does not end the process', async (t) => {
  const { folder, file, bytes } = await filled(t);
  const told: number[] = [];
  for (let page = 2; page < bytes.length / PAGE; page++) {
    writeFileSync(file, Buffer.from(bytes).fill(0, page * PAGE, (page + 1) * PAGE));
    const says = verdict(folder);
    if (says === 'sound') await answersOf(t, folder).catch(() => undefined);
    else {
      assert.match(says, new RegExp(`page ${page} `));
      told.push(page);
    }
  }
  assert.ok(told.length > 20, `only ${told}`);
});

test('wherever the file is cut, either that is told or nothing in use was lost', async (t) => {
  const { folder, file, bytes, answers } = await filled(t);
  let told = 0;
  for (let page = bytes.length / PAGE; page-- > 0; ) {
    truncateSync(file, page * PAGE + 7);
    const says = verdict(folder);
    if (says === 'sound') assert.ok(isDeepStrictEqual(await answersOf(t, folder), answers), `page ${page}`);
    else told += 1;
  }
  assert.ok(told > 20);
});

test('a file whose last pages were never written is sound', async (t) => {
  const { folder, file, answers } = await filled(t);
  const bytes = readFileSync(file);
  for (const meta of [0, PAGE]) {
    bytes.writeBigUInt64LE(bytes.readBigUInt64LE(meta + LAST_PAGE) + 9n, meta + LAST_PAGE);
  }
  writeFileSync(file, bytes);
  assert.equal(verdict(folder), 'sound');
  assert.ok(isDeepStrictEqual(await answersOf(t, folder), answers));
});

test('keys out of order and nodes outside of their page are told', async (t) => {
  const { folder, file, bytes } = await filled(t);
  const flags = (page: number) => bytes.readUInt16LE(page * PAGE + 18);
  const pages = Array.from({ length: bytes.length / PAGE }, (_, page) => page);
  const isLong = (page: number) => flags(page) === 2 && bytes.readUInt16LE(page * PAGE + 20) >= 12;
  const leaves = pages.filter((page) => page > 1 && isLong(page));
  const change = (page: number, place: number, value: number): string => {
    const fd = openSync(file, 'w');
    const changed = Buffer.from(bytes);
    changed.writeUInt16LE(value, page * PAGE + place);
    writeSync(fd, changed);
    closeSync(fd);
    return verdict(folder);
  };
  const told = (place: number, value: (page: number) => number) =>
    leaves.filter((page) => change(page, place, value(page)) !== 'sound').length;
  const second = (page: number) => bytes.readUInt16LE(page * PAGE + 26);
  const inUse = told(18, () => 1);
  assert.ok(inUse > 0);
  assert.equal(told(24, second), inUse, 'the first node is the second');
  assert.equal(
    told(24, () => PAGE - 26),
    inUse,
    'a node at the end of the page',
  );
  assert.equal(
    told(20, () => PAGE),
    inUse,
    'a list longer than the page',
  );
});

test('a store that another process writes to is never taken for damaged', async (t) => {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, folder);
  const batches = Array.from({ length: 4000 }, (_, sequence) => batchOf(sequence));
  await Promise.all(batches.map((batch) => store.append(bytesOf(batch), batch)));
  await store.close();
  const writer = new Program('write', [folder, 'run-2', 2, 0, 900]);
  await writer.line();
  let looks = 0;
  for (; writer.child.exitCode === null; looks++) {
    assert.equal(verdict(folder), 'sound');
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(await writer.end(), { code: 0, errors: '' });
  assert.ok(looks > 50, `${looks} looks`);
});
