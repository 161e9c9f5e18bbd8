import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Acknowledgement, Store } from '../../../aggregator/store/model.ts';
import type { Batch } from '../../../protocol/batch.ts';
import { PodometerError } from '../../../protocol/errors.ts';
import { agentId, batchOf, bytesOf, declarationOf } from './sample-batches.ts';
import { scratchStore } from './scratch.ts';

function append(store: Store, batch: Batch): Promise<Acknowledgement> {
  return store.append(bytesOf(batch), batch);
}

function failsWith(code: string, text: RegExp) {
  return (error: unknown) =>
    error instanceof PodometerError && error.code === code && text.test(error.message);
}

test('the first batch of a run makes it, with the next number of its workload', async (t) => {
  const store = await scratchStore(t);
  assert.deepEqual(await append(store, batchOf(0)), { agent: agentId(1), sequence: 0, duplicate: false });
  await append(store, batchOf(0, { run: 'run-2', agent: 2 }));
  const other = declarationOf({ workload: { kind: 'Local', name: 'serve' } });
  await append(store, batchOf(0, { run: 'run-3', agent: 3 }, { declaration: other }));
  const numbers = ['run-1', 'run-2', 'run-3'].map((id) => store.run(id)?.number);
  assert.deepEqual(numbers, [1, 2, 1]);
  assert.equal(store.runByNumber('train', 2)?.id, 'run-2');
});

test('a repeated batch is acknowledged again and changes nothing', async (t) => {
  let nowMs = 5;
  const store = await scratchStore(t, undefined, { clock: { wallMs: () => nowMs } });
  for (const sequence of [0, 1, 2]) await append(store, batchOf(sequence));
  const before = store.run('run-1');
  nowMs = 6;
  for (const sequence of [0, 1, 2]) {
    assert.deepEqual(await append(store, batchOf(sequence)), {
      agent: agentId(1),
      sequence,
      duplicate: true,
    });
  }
  assert.deepEqual(store.run('run-1'), before);
  assert.equal(store.series('run-1', { columns: [1] })[0]?.times.length, 12);
});

test('a hole is refused with the sequence that is expected', async (t) => {
  const store = await scratchStore(t);
  await append(store, batchOf(0));
  await assert.rejects(
    append(store, batchOf(2)),
    failsWith('PODO_BATCH_OUT_OF_ORDER', /Batch 2 .* batch 1 is expected/),
  );
  await assert.rejects(
    append(store, batchOf(1, { agent: 9 })),
    failsWith('PODO_BATCH_OUT_OF_ORDER', /Batch 1 .* batch 0 is expected/),
  );
  assert.equal(store.run('run-1')?.members.length, 1);
});

test('a first batch without a declaration is refused', async (t) => {
  const store = await scratchStore(t);
  const { declaration: _, ...bare } = batchOf(0);
  await assert.rejects(append(store, bare), failsWith('PODO_BATCH_MALFORMED', /does not declare/));
  assert.equal(store.run('run-1'), undefined);
});

test('batches of one agent may be sent without waiting', async (t) => {
  const store = await scratchStore(t);
  const sequences = Array.from({ length: 40 }, (_, i) => i);
  const kept = await Promise.all(sequences.map((sequence) => append(store, batchOf(sequence))));
  assert.deepEqual(
    kept.map(({ sequence, duplicate }) => [sequence, duplicate]),
    sequences.map((i) => [i, false]),
  );
  assert.equal(store.run('run-1')?.members[0]?.lastSequence, 39);
});

test('another agent joins a run as its next member', async (t) => {
  const store = await scratchStore(t);
  await append(store, batchOf(0));
  const declaration = declarationOf({ member: 'host-b', tags: { rank: '1' } });
  await append(store, batchOf(0, { agent: 2 }, { declaration }));
  const run = store.run('run-1');
  assert.deepEqual(
    run?.members.map(({ name, agent }) => [name, agent]),
    [
      ['host-a', agentId(1)],
      ['host-b', agentId(2)],
    ],
  );
  assert.deepEqual(run?.tags, { rank: '1' });
  assert.equal([...store.runs()].length, 1);
});

test('the record follows the last batch: totals, outcome, arrival, and what a later declaration adds', async (t) => {
  let nowMs = 1000;
  const store = await scratchStore(t, undefined, { clock: { wallMs: () => nowMs } });
  await append(store, batchOf(0, {}, { declaration: declarationOf({ tags: { a: '1', b: '1' } }) }));
  nowMs = 2000;
  const host = {
    hostname: 'h',
    platform: 'linux',
    architecture: 'x64',
    kernel: '6',
    cpuModel: 'm',
    cores: 2,
    memoryBytes: 1,
  };
  await append(store, batchOf(1, {}, { declaration: declarationOf({ tags: { b: '2' }, host }) }));
  nowMs = 3000;
  const outcome = { endedAtMs: 3000, exitCode: 0, reason: 'exited' } as const;
  await append(
    store,
    batchOf(
      2,
      {},
      {
        outcome,
        totals: new Map([
          [1, 7],
          [2, 2 ** 40],
        ]),
      },
    ),
  );
  await append(store, batchOf(3, {}, { totals: new Map() }));
  const run = store.run('run-1');
  assert.deepEqual(run?.tags, { a: '1', b: '2' });
  assert.deepEqual(run?.host, host);
  const [member] = run?.members ?? [];
  assert.deepEqual(member?.outcome, outcome);
  assert.deepEqual(member?.totals, [
    [1, 7],
    [2, 2 ** 40],
  ]);
  assert.equal(member?.lastSeenMs, 3000);
});

test('an agent instance belongs to one run', async (t) => {
  const store = await scratchStore(t);
  await append(store, batchOf(0));
  await assert.rejects(
    append(store, batchOf(1, { run: 'run-2' })),
    failsWith('PODO_BATCH_MALFORMED', /run-2.*run-1/),
  );
});

test('a batch of a removed run is refused, unless it begins the run anew', async (t) => {
  const store = await scratchStore(t);
  for (const sequence of [0, 1, 2, 3]) await append(store, batchOf(sequence));
  await store.remove('run-1');
  await assert.rejects(append(store, batchOf(4)), failsWith('PODO_RUN_NOT_FOUND', /run-1/));
  await append(store, batchOf(0));
  assert.equal(store.run('run-1')?.number, 2);
  assert.equal(store.series('run-1', { columns: [1] })[0]?.times.length, 4);
});
