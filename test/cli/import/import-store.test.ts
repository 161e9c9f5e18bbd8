import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { accept } from '../../../aggregator/ingest/accept.ts';
import { deflater } from '../../../lib/deflater.ts';
import { encodeBatch } from '../../../protocol/codec/batch-encode.ts';
import { podometer } from '../podometer.ts';
import { batchesOf, runId, sampleHistory, scratchFolder } from '../sample-history.ts';
import { inHistory, newFolder } from './history-of.ts';

const SAMPLES = [{ n: 1 }, { n: 2, workload: 'serve' }, { n: 3 }] as const;

test('all runs of another history are taken in, once, in the order of their time', async (t) => {
  const source = await sampleHistory(t, SAMPLES);
  const data = await sampleHistory(t, [{ n: 9 }]);
  const { stdout, code } = await podometer(['import', source, '--data', data]);
  assert.equal(
    stdout,
    `${join(source, 'data.mdb')}: 3 new, 0 repeated, 0 refused\nRuns: train@3, serve@1, train@2\n`,
  );
  assert.equal(code, 0);
  const again = await podometer(['import', join(source, 'data.mdb'), '--data', data]);
  assert.match(again.stdout, /: 0 new, 3 repeated, 0 refused\n/);
  const ids = await inHistory(data, (store) => [...store.runs()].map(({ id }) => id));
  assert.deepEqual(ids, [9, 3, 2, 1].map(runId));
});

test('a backup is taken in whatever its name is, or the runs of it that are named', async (t) => {
  const source = await sampleHistory(t, SAMPLES);
  const backup = join(scratchFolder(t), 'monday');
  await podometer(['backup', backup, '--data', source]);
  const before = readFileSync(backup);
  const data = newFolder(t);
  const some = ['import', backup, '--run', 'train@latest', '--run', runId(2), '--data', data];
  assert.match((await podometer(some)).stdout, /: 2 new, 0 repeated, 0 refused\nRuns: train@1, serve@1\n/);
  assert.match((await podometer(['import', backup, '--data', data])).stdout, /: 1 new, 2 repeated/);
  assert.deepEqual(readFileSync(backup), before);
  const unknown = await podometer(['import', backup, '--run', 'other@1', '--data', data]);
  assert.match(unknown.stderr, /There is no run "other@1"/);
});

test('a run whose agent is one of another run here is refused with the reason, and the others are taken in', async (t) => {
  const source = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const data = newFolder(t);
  const [declared] = batchesOf({ n: 2 });
  const stolen = { ...(declared ?? assert.fail()), run: 'another' };
  await inHistory(data, (store) => accept(store, encodeBatch(stolen, deflater)));
  const { stdout } = await podometer(['import', source, '--data', data]);
  assert.match(
    stdout,
    /: 1 new, 0 repeated, 1 refused\n {2}refused: train@2: Agent 0+2 of run run-000002 is one of run another here\n/,
  );
});

test('a history is not imported into itself, nor a damaged file', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const itself = await podometer(['import', data, '--data', data]);
  assert.match(itself.stderr, /data\.mdb is the history itself \[PODO_USAGE\]/);
  const cut = join(scratchFolder(t), 'cut.mdb');
  writeFileSync(cut, readFileSync(join(data, 'data.mdb')).subarray(0, 9000));
  const { stderr, code } = await podometer(['import', cut, '--data', newFolder(t)]);
  assert.equal(code, 2);
  assert.match(stderr, /PODO_STORE_CORRUPT/);
});

test('--run and --name are refused where they choose nothing', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const text = join(scratchFolder(t), 'a.om');
  writeFileSync(text, 'up 1 1700000000\n# EOF\n');
  const name = await podometer(['import', data, '--name', 'x', '--data', newFolder(t)]);
  assert.match(name.stderr, /--name is given, and .*data\.mdb holds runs that have names/);
  const run = await podometer(['import', text, '--run', 'a@1', '--data', newFolder(t)]);
  assert.match(run.stderr, /--run is given, and .*a\.om is no history of several runs/);
});
