import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFigures } from '../../../cli/report/run-figures.ts';

const memoryOf = (measures: Parameters<typeof runFigures>[0]) =>
  runFigures(measures).find(({ label }) => label === 'peak memory')?.text;

test('the peak of memory is told with that of the proportional sets, where these are known', () => {
  const resident = { peakRssBytes: 80 * 2 ** 20, peakProcessRssBytes: 41 * 2 ** 20 };
  assert.equal(memoryOf(resident), '80.0 MiB, largest process 41.0 MiB');
  assert.equal(
    memoryOf({ ...resident, peakPssBytes: 40 * 2 ** 20 }),
    '80.0 MiB, largest process 41.0 MiB, PSS 40.0 MiB',
  );
});
