import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { batchFileName, openBatchFile, readBatchFile } from '../../lib/batch-file.ts';

function newPath(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-batch-file-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, batchFileName('run-1'));
}

async function written(t: TestContext, ...batches: string[]): Promise<string> {
  const file = await openBatchFile(newPath(t));
  for (const batch of batches) await file.append(Buffer.from(batch));
  await file.close();
  return file.path;
}

function read(path: string): string[] {
  return [...readBatchFile(path)].map((entry) =>
    entry.kind === 'batch'
      ? Buffer.from(entry.bytes).toString()
      : `damaged at ${entry.offset}: ${entry.detail}`,
  );
}

test('batches come back as they went in, in their order', async (t) => {
  assert.deepEqual(read(await written(t, 'first', 'the second')), ['first', 'the second']);
});

test('a batch stands behind its length, in 4 bytes with the least first', async (t) => {
  assert.deepEqual(readFileSync(await written(t, 'abc')), Buffer.from('\x03\0\0\0abc', 'latin1'));
});

test('a file that is opened again goes on at its end', async (t) => {
  const path = await written(t, 'first');
  const again = await openBatchFile(path);
  await again.append(Buffer.from('second'));
  await again.close();
  assert.deepEqual(read(path), ['first', 'second']);
});

test('only its owner may read the file', async (t) => {
  assert.equal(statSync(await written(t, 'secret')).mode & 0o777, 0o600);
});

test('of a file whose last batch is cut off, the batches before it are read', async (t) => {
  const path = await written(t, 'first', 'second');
  truncateSync(path, 4 + 5 + 4 + 2);
  assert.deepEqual(read(path), ['first', 'damaged at 9: the last batch is cut off after 2 of 6 bytes']);
});

test('a length that is cut off is told', async (t) => {
  const path = await written(t, 'first');
  appendFileSync(path, '\x01\0');
  assert.deepEqual(read(path), ['first', 'damaged at 9: the length of the last batch is cut off']);
});

test('a length that no batch has ends the reading, whatever follows', (t) => {
  const path = newPath(t);
  for (const length of ['\0\0\0\0', '\xff\xff\xff\xff']) {
    writeFileSync(path, `${length}rest`, 'latin1');
    const [only, ...others] = read(path);
    assert.match(only ?? '', /^damaged at 0: \d+ cannot be the length of a batch$/);
    assert.deepEqual(others, []);
  }
});

test('a batch that did not fit leaves nothing behind, and a smaller one still fits', (t) => {
  const path = newPath(t);
  const script = `
    const { openBatchFile } = await import(${JSON.stringify(join(import.meta.dirname, '../../lib/batch-file.ts'))});
    const file = await openBatchFile(${JSON.stringify(path)});
    await file.append(Buffer.alloc(300, 'a'));
    const failed = await file.append(Buffer.alloc(300, 'b')).then(() => 'fitted', (error) => error.code);
    await file.append(Buffer.alloc(100, 'c'));
    console.log(failed);`;
  // Files of at most one block of 512 bytes; the signal that tells of it is ignored, so that the write fails.
  const limited = 'trap "" XFSZ; ulimit -f 1; exec "$0" --input-type=module -e "$1"';
  const { stdout, stderr } = spawnSync('sh', ['-c', limited, process.execPath, script]);
  assert.equal(String(stdout), 'EFBIG\n', String(stderr));
  assert.deepEqual(read(path), ['a'.repeat(300), 'c'.repeat(100)]);
});
