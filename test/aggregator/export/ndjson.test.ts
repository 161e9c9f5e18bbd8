import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportNdjson } from '../../../aggregator/export/ndjson.ts';
import { EVIL_NAME, RUN_START_MS, sampleExport } from './sample-run.ts';

test('each line is one row, with what was read and nothing else', () => {
  const rows = [...exportNdjson(sampleExport())].map((line) => JSON.parse(line));
  assert.deepEqual(
    rows.find(({ key }) => key === '0.1'),
    {
      timeMs: 2000,
      at: new Date(RUN_START_MS + 2000).toISOString(),
      subject: 'process',
      key: '0.1',
      member: 'box',
      container: 'main',
      pid: 101,
      comm: EVIL_NAME,
      utimeTicks: 0.2,
      rssBytes: 2 ** 40,
    },
  );
  const times = rows.map(({ timeMs }) => timeMs);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
});
