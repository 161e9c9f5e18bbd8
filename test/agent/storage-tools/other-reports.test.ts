import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseIopingReport } from '../../../agent/storage-tools/ioping.ts';
import { parseMetadataReport } from '../../../agent/storage-tools/metadata.ts';
import { PodometerError } from '../../../protocol/errors.ts';

const fixture = (version: string): string =>
  readFileSync(join(import.meta.dirname, '../../fixtures/storage-tools', `ioping-${version}.txt`), 'utf8');
const captured = fixture('1.3');

const isUnreadable = (error: unknown) => error instanceof PodometerError && error.code === 'PODO_TOOL_REPORT';

for (const version of ['1.2', '1.3']) {
  test(`the numbers of ioping ${version}’s raw statistics are its results, nanoseconds as seconds`, () => {
    const report = fixture(version);
    const [count, , iops, speed, min, mean, max, mdev] = report.trim().split(' ').map(Number);
    assert.deepEqual(
      parseIopingReport(report).map(({ name, unit, value }) => [name, unit, value]),
      [
        ['ioping.requests', '1', count],
        ['ioping.iops', '1/s', iops],
        ['ioping.bandwidth', 'By/s', speed],
        ['ioping.latency.min', 's', (min ?? 0) / 1e9],
        ['ioping.latency.mean', 's', (mean ?? 0) / 1e9],
        ['ioping.latency.max', 's', (max ?? 0) / 1e9],
        ['ioping.latency.mdev', 's', (mdev ?? 0) / 1e9],
      ],
    );
  });
}

test('the raw statistics of ioping 1.0, which end after eight numbers, are read as well', () => {
  const eight = captured.trim().split(' ').slice(0, 8).join(' ');
  assert.deepEqual(parseIopingReport(eight), parseIopingReport(captured));
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
