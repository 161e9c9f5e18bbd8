import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitingBytes } from '../../../aggregator/store/waiting-bytes.ts';
import { batchOf, bytesOf } from './sample-batches.ts';
import { scratchFolder, scratchStore, withDatabases } from './scratch.ts';

const BATCHES = 12;
const all = Array.from({ length: BATCHES }, (_, sequence) => batchOf(sequence));
const lengthOf = (batches: readonly (typeof all)[number][]) =>
  batches.reduce((sum, batch) => sum + bytesOf(batch).length, 0);

test('what waits is known without a look at the log, before and between the parts of sealing', async (t) => {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, folder, { sealBytes: 1 });
  for (const batch of all) await store.append(bytesOf(batch), batch);
  assert.equal(store.footprint('run-1').log, lengthOf(all));
  await store.sealSome('run-1');
  await store.sealSome('run-1');
  assert.equal(store.footprint('run-1').log, lengthOf(all.slice(2)));
  await store.close();
  await withDatabases(folder, ({ tables }) => {
    const run = tables.runs.get('run-1');
    const members = [...tables.members.getRange({}).map(({ value }) => value)];
    assert.ok(run);
    const log = { getRange: () => assert.fail('the log was read') } as unknown as typeof tables.log;
    assert.deepEqual([...waitingBytes({ log }, run, members)], [lengthOf(all.slice(2))]);
  });
});

test('where the records do not tell, as in a history of before, the log does', async (t) => {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, folder);
  for (const batch of all) await store.append(bytesOf(batch), batch);
  await store.close();
  await withDatabases(folder, ({ tables }) => {
    const run = tables.runs.get('run-1');
    const [member] = tables.members.getRange({}).map(({ value }) => value);
    assert.ok(run && member);
    const { bytes: _, ...before } = member;
    assert.deepEqual([...waitingBytes(tables, run, [before])], [lengthOf(all)]);
  });
});
