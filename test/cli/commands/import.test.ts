import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { batchFileName, batchRecord, openBatchFile } from '../../../lib/batch-file.ts';
import { deflater } from '../../../lib/deflater.ts';
import { spoolFileName } from '../../../lib/spool-file.ts';
import type { Batch } from '../../../protocol/batch.ts';
import { encodeBatch } from '../../../protocol/codec/batch-encode.ts';
import { podometer } from '../podometer.ts';
import { batchesOf, runId, type SampleRun, sampleHistory, scratchFolder } from '../sample-history.ts';

async function keptFile(folder: string, sample: SampleRun, from = 0): Promise<string> {
  const file = await openBatchFile(join(folder, batchFileName(runId(sample.n))));
  for (const batch of batchesOf(sample).slice(from)) await file.append(encodeBatch(batch, deflater));
  await file.close();
  return file.path;
}

async function imported(t: TestContext, path: string, data = join(scratchFolder(t), 'data')) {
  const ended = await podometer(['import', path, '--data', data]);
  return { ...ended, data };
}

test('what a run kept in a file is taken into the history, once', async (t) => {
  const path = await keptFile(scratchFolder(t), { n: 1 });
  const { stdout, data } = await imported(t, path);
  assert.equal(stdout, `${path}: 2 new, 0 repeated, 0 refused\nRuns: train@1\n`);
  const again = await imported(t, path, data);
  assert.equal(again.stdout, `${path}: 0 new, 2 repeated, 0 refused\nRuns: train@1\n`);
  assert.equal(again.code, 0);
  const { stdout: runs } = await podometer(['runs', '--json', '--data', data]);
  const [run, ...others] = JSON.parse(runs).runs;
  assert.deepEqual([run.state, run.measures.wallSeconds, others.length], ['finished', 3, 0]);
});

test('a run whose store failed in mid-run is completed', async (t) => {
  const folder = scratchFolder(t);
  const whole = await keptFile(folder, { n: 1 });
  const first = join(folder, 'first.batches');
  const bytes = readFileSync(whole);
  writeFileSync(first, bytes.subarray(0, 4 + bytes.readUInt32LE()));
  const { data } = await imported(t, first);
  const { stdout } = await imported(t, whole, data);
  assert.match(stdout, /: 1 new, 1 repeated, 0 refused/);
});

test('a folder is searched for the files of runs', async (t) => {
  const folder = scratchFolder(t);
  await keptFile(folder, { n: 1 });
  await keptFile(folder, { n: 2 });
  writeFileSync(join(folder, 'other.txt'), 'not ours');
  const { stdout } = await imported(t, folder);
  assert.match(stdout, /run-000001.*2 new.*\n.*run-000002.*2 new.*\nRuns: train@2, train@1\n/);
});

test('a batch of a spool, in which earlier ones were put together, is taken in for all of them', async (t) => {
  const folder = scratchFolder(t);
  const [first, last] = batchesOf({ n: 1 });
  assert.ok(first !== undefined && last !== undefined);
  const write = (number: number, batch: Batch): void =>
    writeFileSync(
      join(folder, spoolFileName({ agent: batch.agent, first: number })),
      batchRecord(encodeBatch(batch, deflater)),
    );
  write(0, first);
  write(1, { ...last, sequence: 7 });
  const { stdout, data } = await imported(t, folder);
  assert.match(stdout, /0000000001.batches: 1 new, 0 repeated, 0 refused\nRuns: train@1/);
  const { stdout: runs } = await podometer(['runs', '--json', '--data', data]);
  assert.equal(JSON.parse(runs).runs[0].state, 'finished');
});

test('of a truncated file the whole batches are taken in, and the rest is told', async (t) => {
  const path = await keptFile(scratchFolder(t), { n: 1 });
  const { length } = readFileSync(path);
  truncateSync(path, length - 3);
  const { code, stdout } = await imported(t, path);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /: 1 new, 0 repeated, 0 refused\n {2}nothing could be read from byte \d+ on: the last batch is cut off/,
  );
});

test('a damaged batch is refused, and so is what needs it, with the reason', async (t) => {
  const path = await keptFile(scratchFolder(t), { n: 1 });
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
  writeFileSync(path, bytes);
  appendFileSync(path, readFileSync(await keptFile(scratchFolder(t), { n: 2 })));
  const { code, stdout } = await imported(t, path);
  assert.equal(code, 0);
  assert.match(stdout, /: 2 new, 0 repeated, 2 refused\n {2}refused: .+\n {2}refused: .+\nRuns: train@1\n$/);
});

test('a file that podometer did not write is refused', async (t) => {
  const path = join(scratchFolder(t), 'passwd');
  writeFileSync(path, 'root:x:0:0:root:/root:/bin/sh\n');
  const { code, stderr } = await imported(t, path);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /passwd is nothing that can be taken in: it begins with "root:x:.*" \[PODO_IMPORT_MALFORMED\]/,
  );
});

test('a path that is not there, and a folder without a history or files of runs, are refused', async (t) => {
  assert.match((await imported(t, '/nowhere/at-all')).stderr, /There is no file or folder \/nowhere\/at-all/);
  assert.match(
    (await imported(t, scratchFolder(t))).stderr,
    /holds neither data\.mdb nor a file named \*\.batches/,
  );
});

test('--json tells of each file and gives the runs as the HTTP API does', async (t) => {
  const path = await keptFile(scratchFolder(t), { n: 1 });
  const data = await sampleHistory(t, [{ n: 2 }]);
  const { stdout } = await podometer(['import', path, '--json', '--data', data]);
  const { files, runs } = JSON.parse(stdout);
  assert.deepEqual(files, [{ path, kind: 'batches', added: 2, repeated: 0, refused: [] }]);
  assert.deepEqual(
    runs.map((run: { id: string }) => run.id),
    [runId(1)],
  );
});
