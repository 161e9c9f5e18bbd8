import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { accept } from '../../../aggregator/ingest/accept.ts';
import { deflater } from '../../../lib/deflater.ts';
import type { Batch } from '../../../protocol/batch.ts';
import { encodeBatch } from '../../../protocol/codec/batch-encode.ts';
import { type ColumnName, columnByName } from '../../../protocol/metrics.ts';
import { podometer } from '../podometer.ts';
import { batchesOf, runId, STARTED_AT_MS, sampleHistory, scratchFolder } from '../sample-history.ts';
import { inHistory, newFolder } from './history-of.ts';

const ID = runId(1);
const START_MS = STARTED_AT_MS + 60_000;

const column = (name: ColumnName): number => columnByName(name)?.id ?? assert.fail();

/** A member that began late, with everything that a batch can tell. */
function richBatches(): Batch[] {
  const [first, last] = batchesOf({ n: 1 });
  assert.ok(first?.declaration && last);
  const common = { agent: 'ab'.repeat(16), run: ID, epochMs: START_MS + 700, totals: new Map([[18, 1]]) };
  const row = (
    subject: Batch['blocks'][number]['subject'],
    index: number,
    name: ColumnName,
    value: number,
  ) => ({
    subject,
    index,
    columns: [column(name)],
    ticks: [0, 1],
    values: [[value, value + 1]],
  });
  return [
    {
      ...common,
      sequence: 0,
      declaration: {
        ...first.declaration,
        workload: { kind: 'Job', name: 'train', namespace: 'lab' },
        member: 'pod-b',
        podUid: 'uid-b',
      },
      containers: [
        { index: 0, name: 'main' },
        { index: 1, name: 'side' },
      ],
      processes: [
        {
          index: 3,
          pid: 17,
          parent: undefined,
          role: 'target',
          startMs: -900,
          comm: 'java',
          args: 'java -jar "a b"',
          container: 1,
        },
      ],
      storage: [
        { kind: 'device', index: 0, container: undefined, place: '8:0', name: 'sda' },
        { kind: 'volume', index: 1, container: 1, place: '/data', name: undefined },
      ],
      outputs: [
        { index: 0, name: 'loss', decimals: 4 },
        { index: 1, name: 'loss', decimals: -2 },
      ],
      ticks: [0, 1000],
      blocks: [
        row('process', 3, 'rssBytes', 4096),
        row('container', 1, 'cpuUsageUs', 5),
        row('host', 0, 'psiCpuSomeUs', 6),
        row('device', 0, 'deviceReadBytes', 7),
        row('volume', 1, 'volumeUsedBytes', 8),
        row('output', 0, 'outputValue', -9),
        row('output', 1, 'outputValue', 2 ** 52),
      ],
      ends: [{ index: 3, endMs: 1500, boundMs: 30, exitCode: 137 }],
      events: [{ atMs: 2000, kind: 'exec', process: 3, message: 'it became another' }],
      results: [{ name: 'fio.iops', unit: '1/s', value: 12.25, better: 'higher', combine: 'sum' }],
    },
  ];
}

async function richHistory(t: TestContext): Promise<string> {
  const data = newFolder(t);
  await inHistory(data, async (store) => {
    const [first, last] = batchesOf({ n: 1, tags: { branch: 'main' } });
    assert.ok(first?.declaration && last);
    const workload = { kind: 'Job' as const, name: 'train', namespace: 'lab' };
    const inJob = { ...first, declaration: { ...first.declaration, workload } };
    for (const batch of [inJob, ...richBatches(), last]) await accept(store, encodeBatch(batch, deflater));
    await store.noteCluster(ID, {
      pods: [
        {
          name: 'pod-b',
          uid: 'uid-b',
          phase: 'Failed',
          outcome: { endedAtMs: START_MS + 2500, reason: 'failed', exitCode: 137, cause: 'OOMKilled' },
          containers: [
            {
              name: 'side',
              role: 'main',
              image: 'app:1',
              restarts: 0,
              spells: [
                { reason: 'OOMKilled', finishedAt: new Date(START_MS + 2400).toISOString(), exitCode: 137 },
              ],
            },
          ],
        },
      ],
      ending: { endedAtMs: START_MS + 3000, reason: 'failed' },
      concluded: { atMs: START_MS + 4000, regression: 'It used more memory.' },
    });
    await store.update(ID, (run) => ({ ...run, note: 'two\nlines', pinned: true }));
  });
  return data;
}

async function exported(data: string): Promise<string> {
  const { stdout, stderr } = await podometer(['export', ID, '--data', data]);
  assert.equal(stderr, '');
  return stdout;
}

function written(t: TestContext, text: string): string {
  const path = join(scratchFolder(t), 'some file');
  writeFileSync(path, text);
  return path;
}

test('a run that was exported, deleted and imported is exported as it was', async (t) => {
  const data = await richHistory(t);
  const before = await exported(data);
  const path = written(t, before);
  await podometer(['delete', ID, '--yes', '--data', data]);
  const { stdout } = await podometer(['import', path, '--data', data]);
  assert.equal(stdout, `${path}: 1 new, 0 repeated, 0 refused\nRuns: train@2\n`);
  const after = await exported(data);
  assert.equal(after, before.replace('"ref":"train@1","number":1', '"ref":"train@2","number":2'));
  const { pods, ending, concluded, storage, outputs, series, events } = JSON.parse(after);
  assert.deepEqual([pods.length, storage.length, outputs.length, series.length], [1, 2, 2, 13]);
  assert.ok(ending && concluded && events.some(({ kind }: { kind: string }) => kind === 'oom'));
});

test('a run that is sealed is exported and imported alike, and is there once however often that is done', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  await inHistory(data, (store) => store.seal(ID));
  const before = await exported(data);
  const into = newFolder(t);
  const path = written(t, before);
  await podometer(['import', path, '--data', into]);
  const again = await podometer(['import', path, '--data', into, '--json']);
  assert.deepEqual(JSON.parse(again.stdout).files, [
    { path, kind: 'run', added: 0, repeated: 1, refused: [] },
  ]);
  assert.equal(await exported(into), before);
});

test('a run that had not ended when it was exported was interrupted then', async (t) => {
  const data = await sampleHistory(t, [{ n: 1, outcome: undefined }]);
  const into = newFolder(t);
  const { run, members } = JSON.parse(await exported(data));
  await podometer(['import', written(t, await exported(data)), '--data', into]);
  const { members: kept } = JSON.parse(await exported(into));
  assert.equal(run.outcome?.reason, undefined);
  assert.deepEqual(kept, members);
});

test('more samples and texts than one batch holds are taken in', async (t) => {
  const document = JSON.parse(await exported(await sampleHistory(t, [{ n: 1 }])));
  const times = Array.from({ length: 250_000 }, (_, i) => 10 * i);
  const long = { ...document.series[0], times, values: times };
  const processes = Array.from({ length: 400 }, (_, i) => ({
    ...document.processes[0],
    key: `0.${i}`,
    args: 'x'.repeat(10_000),
  }));
  const path = written(t, JSON.stringify({ ...document, processes, series: [long] }));
  const into = newFolder(t);
  assert.match((await podometer(['import', path, '--data', into])).stdout, /: 1 new/);
  await inHistory(into, (store) => {
    const [series] = store.series(ID, { columns: [column(long.column)] });
    assert.deepEqual([...(series?.values ?? [])], times);
    assert.equal(store.directory(ID).processes.length, 400);
  });
});

test('what is not the whole export of a run is refused with what is wrong, and nothing of it is taken in', async (t) => {
  const whole = JSON.parse(await exported(await sampleHistory(t, [{ n: 1 }])));
  const { version: _, ...old } = whole;
  const [series] = whole.series;
  const cases: [unknown, RegExp][] = [
    [old, /was exported by an older podometer, which left out members/],
    [{ ...whole, version: 3 }, /is an export of version 3; this podometer reads version 2/],
    [{ ...whole, thinned: 'levels' }, /samples retention had given up/],
    [{ ...whole, members: [] }, /is no whole export of a run: \/members/],
    [{ ...whole, series: [{ ...series, values: [1] }] }, /has not one value for each of its times/],
    [{ ...whole, series: [{ ...series, times: [2, 1, 3] }] }, /or they do not increase/],
    [{ ...whole, series: [{ ...series, values: [0.5, 1, 1] }] }, /\/series\/0\/values\/0 must be integer/],
    [{ ...whole, series: [{ ...series, column: 'noSuch' }] }, /There is no column "noSuch"/],
    [
      { ...whole, processes: [{ ...whole.processes[0], key: 'x' }] },
      /The process key "x" is not MEMBER\.INDEX/,
    ],
  ];
  const into = newFolder(t);
  for (const [document, reason] of cases) {
    const path = written(t, JSON.stringify(document));
    const { code, stderr } = await podometer(['import', path, '--data', into]);
    assert.equal(code, 2);
    assert.match(stderr, reason);
    assert.match(stderr, /PODO_IMPORT_MALFORMED/);
  }
  const cut = written(t, JSON.stringify(whole).slice(0, -2));
  assert.match((await podometer(['import', cut, '--data', into])).stderr, /is no whole JSON/);
  assert.equal(await inHistory(into, (store) => [...store.runs()].length), 0);
});
