import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { exportCsv } from '../../../aggregator/export/csv.ts';
import { exportedRun } from '../../../aggregator/export/exported-run.ts';
import { exportParquet } from '../../../aggregator/export/parquet.ts';
import { FakeStore, processEntry, run, series, stateOf } from '../fake-store.ts';
import { EVIL_NAME, RUN_START_MS, sampleExport } from './sample-run.ts';

function parquetOf(exported = sampleExport()): ArrayBuffer {
  const bytes = Buffer.concat([...exportParquet(exported)]);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}

test('a row holds who it is of, when, and every column in its type and unit', async () => {
  const rows = await parquetReadObjects({ file: parquetOf() });
  const [first] = rows.filter(({ key, time_ms }) => key === '0.0' && time_ms === 2000);
  assert.ok(first);
  const { time, subject, container, pid, comm, utimeTicks, rssBytes, runDelayNs, readBytes } = first;
  assert.deepEqual(
    { time, subject, container, pid, comm, utimeTicks, rssBytes, runDelayNs, readBytes },
    {
      time: new Date(RUN_START_MS + 2000),
      subject: 'process',
      container: 'main',
      pid: 100,
      comm: 'sh',
      utimeTicks: 1.5,
      rssBytes: 8192n,
      runDelayNs: 0.005,
      readBytes: null,
    },
  );
  assert.equal(rows.find(({ key }) => key === '0.1')?.comm, EVIL_NAME);
  assert.equal(rows.find(({ key }) => key === '0.1')?.rssBytes, 2n ** 40n);
  assert.equal(rows.find(({ subject: kind }) => kind === 'host')?.psiIoSomeUs, 0.7);
});

test('it has the rows and columns of the CSV', async () => {
  const lines = [...exportCsv(sampleExport())];
  const rows = await parquetReadObjects({ file: parquetOf() });
  assert.equal(rows.length, lines.length - 1);
  const schema = parquetSchema(parquetMetadata(parquetOf()));
  const names = schema.children.map(({ element }) => element.name);
  const csvNames = (lines[0] ?? '').trimEnd().split(',');
  assert.deepEqual(
    names.slice(8),
    csvNames.slice(5).map((name) => name.replace(/_s$/, '')),
  );
});

test('the record of the run is in the metadata', () => {
  const { key_value_metadata: pairs = [] } = parquetMetadata(parquetOf());
  const { value = '' } = pairs.find(({ key }) => key === 'podometer.run') ?? {};
  assert.equal(JSON.parse(value).ref, 'train@1');
});

test('a run of many rows is written in groups, none of them lost, and one without rows is still a file', async () => {
  const store = new FakeStore();
  const samples = Array.from({ length: 45_001 }, (_, i) => [i, i] as const);
  store.put(run(1, { intervalMs: 1000 }), { processes: [processEntry()] }, [series('utimeTicks', samples)]);
  store.put(run(2));
  const file = parquetOf(exportedRun(store, stateOf, run(1, { intervalMs: 1000 })));
  assert.equal(parquetMetadata(file).row_groups.length, 3);
  const rows = await parquetReadObjects({ file, columns: ['time_ms', 'utimeTicks'] });
  assert.deepEqual(
    rows.map(({ time_ms }) => time_ms),
    samples.map(([ms]) => ms),
  );
  assert.deepEqual(await parquetReadObjects({ file: parquetOf(exportedRun(store, stateOf, run(2))) }), []);
});
