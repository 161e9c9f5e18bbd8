import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportCsv } from '../../../aggregator/export/export-csv.ts';
import { type ExportedRun, seriesBySubjects, seriesByTime } from '../../../aggregator/export/exported-run.ts';
import type { ColumnSeries, SeriesRequest } from '../../../aggregator/store/model.ts';

const MINUTE = 60_000;

/** One process per minute of an hour, each with a sample on every whole minute from its start on. */
function longRun(requests: SeriesRequest[] = []): ExportedRun {
  const processes = Array.from({ length: 300 }, (_, index) => ({ member: 0, index, pid: index, comm: 'x' }));
  const all = Array.from({ length: 60 }, (_, minute) => minute * MINUTE);
  return {
    store: {
      series(_id: string, request: SeriesRequest): ColumnSeries[] {
        requests.push(request);
        const { fromMs = -Infinity, toMs = Infinity, subjects } = request;
        const times = all.filter((time) => time >= fromMs && time <= toMs);
        return (subjects ?? [{ index: 0 }]).map(({ index }) => ({
          subject: 'process',
          member: 0,
          index,
          column: 1,
          times: Float64Array.from(times),
          values: Float64Array.from(times),
        }));
      },
    },
    record: {
      id: 'r',
      startedAtMs: 0,
      metrics: ['performance'],
      members: [{ name: 'host-a', lastSeenMs: 59 * MINUTE + 1 }],
    },
    directory: { processes, containers: [], events: [] },
  } as unknown as ExportedRun;
}

test('a long run is read stretch by stretch, each sample once and in order', () => {
  const requests: SeriesRequest[] = [];
  const times = [...seriesByTime(longRun(requests))].flat().flatMap((series) => [...series.times]);
  assert.deepEqual(
    times,
    Array.from({ length: 60 }, (_, minute) => minute * MINUTE),
  );
  assert.ok(requests.length > 2);
  assert.equal(requests[0]?.fromMs, undefined);
  assert.equal(requests.at(-1)?.toMs, undefined);
});

test('many subjects are read some at a time, each whole and once', () => {
  const requests: SeriesRequest[] = [];
  const series = [...seriesBySubjects(longRun(requests))];
  const indexes = series.filter(({ subject }) => subject === 'process').map(({ index }) => index);
  // The pretended host of the one member is answered like a process 0.
  assert.deepEqual(new Set(indexes).size, 300);
  assert.ok(series.every(({ times }) => times.length === 60));
  assert.ok(requests.length > 1 && requests.every(({ subjects }) => (subjects?.length ?? 0) <= 256));
});

test('CSV rows of a long run are in the order of time', () => {
  const times = [...exportCsv(longRun())].slice(1).map((row) => Number(row.split(',')[0]));
  assert.equal(times.length, 60);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
});
