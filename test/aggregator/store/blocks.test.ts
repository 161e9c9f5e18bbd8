import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColumnSeries, Store } from '../../../aggregator/store/model.ts';
import type { Batch } from '../../../protocol/batch.ts';
import { batchOf, bytesOf, declarationOf, processOf } from './sample-batches.ts';
import { scratchFolder, scratchStore, withDatabases } from './scratch.ts';

async function append(store: Store, ...batches: Batch[]): Promise<void> {
  for (const batch of batches) await store.append(bytesOf(batch), batch);
}

function brief({ subject, member, index, column, times, values }: ColumnSeries): unknown[] {
  return [`${subject} ${member}.${index}`, column, [...times], [...values]];
}

/** Every test is done twice: on the log, and on what sealing makes of it. */
for (const form of ['log', 'sealed'] as const) {
  const settle = (store: Store) => (form === 'sealed' ? store.seal('run-1') : undefined);

  test(`${form}: times are ms since the start of the run, for every member`, async (t) => {
    const store = await scratchStore(t);
    const late = { agent: 2, offsetMs: 1500 };
    const blocks = (index: number) => [
      { subject: 'process' as const, index, columns: [3], ticks: [1, 2], values: [[10, 2 ** 52]] },
    ];
    await append(store, batchOf(0), batchOf(0, late, { declaration: declarationOf(), blocks: blocks(4) }));
    await settle(store);
    assert.deepEqual(store.series('run-1', { columns: [1, 3] }).map(brief), [
      ['process 0.0', 1, [0, 1000, 2000, 3000], [0, 1, 2, 3]],
      ['process 1.4', 3, [2500, 3500], [10, 2 ** 52]],
    ]);
  });

  test(`${form}: a series is of the subjects, columns and time that were asked for`, async (t) => {
    const store = await scratchStore(t);
    const host = { subject: 'host' as const, index: 0, columns: [40], ticks: [0], values: [[-7]] };
    const { blocks } = batchOf(1);
    await append(store, batchOf(0), batchOf(1, {}, { blocks: [...blocks, host] }), batchOf(2));
    await settle(store);
    const all = store
      .series('run-1', { columns: [1, 2, 40] })
      .map(({ subject, column }) => [subject, column]);
    assert.deepEqual(all.sort(), [
      ['host', 40],
      ['process', 1],
      ['process', 2],
    ]);
    const [part, ...others] = store.series('run-1', {
      columns: [2, 40],
      subjects: [{ kind: 'process', member: 0, index: 0 }],
      fromMs: 3000,
      toMs: 5000,
    });
    assert.deepEqual([part && brief(part), others], [['process 0.0', 2, [3000, 4000, 5000], [6, 8, 10]], []]);
    assert.deepEqual(store.series('run-1', { columns: [1], fromMs: 999_999 }), []);
  });

  test(`${form}: a range that begins and ends between slices is whole`, async (t) => {
    const store = await scratchStore(t);
    await append(store, ...Array.from({ length: 10 }, (_, i) => batchOf(i, { tickMs: 60_000 })));
    await settle(store);
    const [series] = store.series('run-1', { columns: [1], fromMs: 290_000, toMs: 900_000 });
    assert.deepEqual([...(series?.values ?? [])], [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  });

  test(`${form}: samples from before the start of the run are kept`, async (t) => {
    const store = await scratchStore(t);
    await append(store, batchOf(0, { offsetMs: -1500 }));
    await settle(store);
    const [series] = store.series('run-1', { columns: [1] });
    assert.deepEqual([...(series?.times ?? [])], [-1500, -500, 500, 1500]);
  });

  test(`${form}: the directory holds the last name of a process, its end, containers, storage and events in order`, async (t) => {
    const store = await scratchStore(t);
    const gap = { atMs: 9, kind: 'gap', value: 2, message: 'missed' } as const;
    const oom = { atMs: 4, kind: 'oom', message: 'killed' } as const;
    const ends = [{ index: 1, endMs: 70, boundMs: 50, exitCode: 137 }];
    const [first, second] = [processOf(0), processOf(1, { container: 0, args: 'sh -c x' })];
    const containers = [{ index: 0, name: 'main' }];
    const data = { kind: 'volume', index: 0, container: 0, place: '/data', name: undefined } as const;
    const disk = { kind: 'device', index: 1, container: undefined, place: '8:0', name: 'sda' } as const;
    await append(
      store,
      batchOf(
        0,
        { offsetMs: 100 },
        { processes: [first, second], containers, storage: [data], events: [gap] },
      ),
      batchOf(1, { offsetMs: 100 }, { ends, events: [oom], storage: [disk] }),
      batchOf(2, { offsetMs: 100 }, { processes: [{ ...second, comm: 'python' }] }),
    );
    await settle(store);
    const directory = store.directory('run-1');
    assert.deepEqual(directory.containers, [{ member: 0, index: 0, name: 'main' }]);
    assert.deepEqual(directory.storage, [
      { ...data, member: 0 },
      { ...disk, member: 0 },
    ]);
    assert.deepEqual(directory.events, [oom, gap]);
    const nothing = { endMs: undefined, endBoundMs: undefined, exitCode: undefined };
    assert.deepEqual(directory.processes, [
      { ...first, ...nothing, member: 0, startMs: 95 },
      { ...second, member: 0, comm: 'python', startMs: 95, endMs: 170, endBoundMs: 50, exitCode: 137 },
    ]);
  });
}

test('a damaged batch costs its own samples and is told in the events', async (t) => {
  const folder = scratchFolder(t);
  const writer = await scratchStore(t, folder);
  await append(writer, batchOf(0), batchOf(1), batchOf(2));
  await writer.close();
  const damaged = bytesOf(batchOf(1)).fill(0xff, 20, 30);
  await withDatabases(folder, (databases) =>
    databases.write(({ log }) => void log.put(['run-1', 0, 1], damaged)),
  );
  const store = await scratchStore(t, folder);
  const times = () => store.series('run-1', { columns: [1] }).flatMap((series) => [...series.times]);
  const expected = [0, 1, 2, 3, 8, 9, 10, 11].map((tick) => tick * 1000);
  assert.deepEqual(times(), expected);
  await store.seal('run-1');
  assert.deepEqual(times(), expected);
  const [event] = store.directory('run-1').events;
  assert.deepEqual([event?.kind, event?.atMs], ['warning', 3000]);
  assert.match(event?.message ?? '', /Batch 1 .*damaged/);
});

test('a damaged slice costs its own samples alone', async (t) => {
  const folder = scratchFolder(t);
  const writer = await scratchStore(t, folder, { sealBytes: 1 });
  await append(writer, ...Array.from({ length: 4 }, (_, i) => batchOf(i, { tickMs: 75_000 })));
  await writer.seal('run-1');
  await writer.close();
  const damaged = Buffer.from('PODSomething');
  await withDatabases(folder, (databases) =>
    databases.write(({ slices }) => void slices.put(['run-1', 1, 300_000], damaged)),
  );
  const [series] = (await scratchStore(t, folder)).series('run-1', { columns: [1] });
  assert.deepEqual([...(series?.values ?? [])], [0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15]);
});

test('what is asked of a run that is not there is refused', async (t) => {
  const store = await scratchStore(t);
  assert.throws(() => store.directory('run-1'), { code: 'PODO_RUN_NOT_FOUND' });
  assert.throws(() => store.series('run-1', { columns: [1] }), { code: 'PODO_RUN_NOT_FOUND' });
});
