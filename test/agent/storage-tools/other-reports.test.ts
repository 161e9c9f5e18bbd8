import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseIopingReport } from '../../../agent/storage-tools/ioping.ts';
import { parseMetadataReport } from '../../../agent/storage-tools/metadata.ts';
import { PodometerError } from '../../../protocol/errors.ts';

const captured = (version: string): string =>
  readFileSync(join(import.meta.dirname, `../../fixtures/storage-tools/ioping-${version}.txt`), 'utf8');

const isUnreadable = (error: unknown) => error instanceof PodometerError && error.code === 'PODO_TOOL_REPORT';

const ofIoping = {
  '1.0': [95, 1145, 4690522, 0.000067117, 0.00087325, 0.043861647, 0.004593484],
  '1.1': [77, 2355, 9644660, 0.000057849, 0.000424691, 0.004345216, 0.000658965],
  '1.2': [91, 650, 2662654, 0.000062778, 0.001538315, 0.065366538, 0.007560392],
  '1.3': [19, 117, 478752, 0.000088562, 0.00855558, 0.148278903, 0.032946524],
};

for (const [version, [requests, iops, bandwidth, min, mean, max, mdev]] of Object.entries(ofIoping)) {
  test(`the numbers of ioping ${version}’s raw statistics are its results, nanoseconds as seconds`, () => {
    assert.deepEqual(
      parseIopingReport(captured(version)).map(({ name, unit, value }) => [name, unit, value]),
      [
        ['ioping.requests', '1', requests],
        ['ioping.iops', '1/s', iops],
        ['ioping.bandwidth', 'By/s', bandwidth],
        ['ioping.latency.min', 's', min],
        ['ioping.latency.mean', 's', mean],
        ['ioping.latency.max', 's', max],
        ['ioping.latency.mdev', 's', mdev],
      ],
    );
  });
}

test('the raw statistics of ioping 0.9, whose times are in microseconds, are refused and not misread', () => {
  assert.throws(() => parseIopingReport(captured('0.9')), isUnreadable);
});

test('what is no report of ioping, or tells of no request, is refused', () => {
  for (const report of ['', 'ioping: oops', '1 2 3', '0 0 0 0 0 0 0 0 1 100']) {
    assert.throws(() => parseIopingReport(report), isUnreadable, report);
  }
});

test('a report of metadata has a rate and three latencies for each step', () => {
  const step = { perSecond: 1000, p50Seconds: 0.001, p99Seconds: 0.002, maxSeconds: 0.003 };
  const results = parseMetadataReport(JSON.stringify({ create: step, stat: step, unlink: step }));
  assert.deepEqual(
    results.slice(0, 4).map(({ name, value, better }) => [name, value, better]),
    [
      ['metadata.create.rate', 1000, 'higher'],
      ['metadata.create.p50', 0.001, 'lower'],
      ['metadata.create.p99', 0.002, 'lower'],
      ['metadata.create.max', 0.003, 'lower'],
    ],
  );
  assert.equal(results.length, 12);
});

test('a report of metadata that lacks a step, or is cut, is refused', () => {
  for (const report of ['', '{"create"', '{"create":{}}']) {
    assert.throws(() => parseMetadataReport(report), isUnreadable, report);
  }
});
