import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { buildSeries, planSeries } from '../../../aggregator/query/series.ts';
import type { ColumnSeries, RunDirectory, RunRecord } from '../../../aggregator/store/model.ts';
import { SeriesAnswer, type SeriesQuery } from '../../../protocol/query.ts';
import {
  columnId,
  FakeStore,
  member,
  openMember,
  processEntry,
  run,
  START_MS,
  series,
} from '../fake-store.ts';

const oneSecond = run(1, {
  startedAtMs: START_MS,
  members: [member({ outcome: { endedAtMs: START_MS + 1000, exitCode: 0, reason: 'exited' } })],
});

function ask(
  query: SeriesQuery,
  samples: readonly ColumnSeries[],
  directory: Partial<RunDirectory> = { processes: [processEntry()] },
  record: RunRecord = oneSecond,
): SeriesAnswer {
  const store = new FakeStore();
  store.put(record, directory, samples);
  const known = store.directory(record.id);
  const plan = planSeries(query, record, known);
  const answer = buildSeries(plan, record, known, store.series(record.id, plan.request));
  assert.ok(Value.Check(SeriesAnswer, answer));
  return answer;
}

test('a counter is answered as its rate in the unit of the column, from the birth of the process on', () => {
  const answer = ask({ columns: 'utimeTicks', points: 2 }, [
    series('utimeTicks', [
      [500, 50],
      [1000, 75],
    ]),
  ]);
  assert.deepEqual([answer.fromMs, answer.toMs, answer.times], [0, 1000, [0, 500]]);
  const [line] = answer.lines;
  assert.deepEqual([line?.subject, line?.key, line?.kind, line?.unit], ['process', '0.0', 'counter', 's']);
  assert.deepEqual(line?.mean, [1, 0.5]);
});

test('what an older process had counted before the run is not part of a rate', () => {
  const samples = [
    series('utimeTicks', [
      [500, 50],
      [1000, 75],
    ]),
  ];
  const answer = ask({ columns: 'utimeTicks', points: 2 }, samples, {
    processes: [processEntry({ startMs: -100 })],
  });
  assert.deepEqual(answer.lines[0]?.mean, [null, 0.5]);
});

test('a gauge is answered as its level', () => {
  const answer = ask({ columns: 'rssBytes', points: 2 }, [
    series('rssBytes', [
      [0, 4096],
      [600, 8192],
    ]),
  ]);
  assert.deepEqual(answer.lines[0]?.mean, [4096, 8192]);
});

test('a stretch is read with a margin, so that the rates at its edges are known', () => {
  const samples = [
    series('readBytes', [
      [0, 0],
      [1000, 1000],
      [2000, 5000],
    ]),
  ];
  const answer = ask({ columns: 'readBytes', from: 400, to: 1400, points: 5 }, samples);
  assert.deepEqual(answer.lines[0]?.mean, [1000, 1000, 1000, 4000, 4000]);
});

test('the margin follows the longest interval that was in force', () => {
  const directory = { processes: [], containers: [], events: [] };
  const query: SeriesQuery = { columns: 'readBytes', from: 100_000, to: 200_000 };
  const plan = planSeries(query, { ...oneSecond, intervalMs: 1000 }, directory);
  assert.deepEqual([plan.request.fromMs, plan.request.toMs], [90_000, 210_000]);
  const stretched = { ...oneSecond, members: [member({ totals: [[27, 5000]] })] };
  assert.equal(planSeries(query, stretched, directory).request.fromMs, 50_000);
});

test('a process that began before the stretch that was read is not taken to begin at zero there', () => {
  const samples = [
    series('readBytes', [
      [0, 0],
      [9800, 98_000],
      [10_000, 98_100],
    ]),
  ];
  const answer = ask({ columns: 'readBytes', from: 9500, to: 10_000, points: 1 }, samples);
  assert.deepEqual(answer.lines[0]?.mean, [200]);
});

test('only the named processes are read, and all of them where none is named', () => {
  const directory = { processes: [processEntry(), processEntry({ index: 1 })] };
  const samples = [series('rssBytes', [[0, 1]]), series('rssBytes', [[0, 2]], { index: 1 })];
  const keys = (processes?: string) =>
    ask({ columns: 'rssBytes', ...(processes && { processes }) }, samples, directory).lines.map(
      (one) => one.key,
    );
  assert.deepEqual(keys(), ['0.0', '0.1']);
  assert.deepEqual(keys('0.1'), ['0.1']);
});

test('containers and hosts are subjects of their own', () => {
  const directory = { containers: [{ member: 0, index: 0, name: 'main' }] };
  const samples = [
    series(
      'psiCpuSomeUs',
      [
        [0, 0],
        [1000, 500_000],
      ],
      { subject: 'host' },
    ),
    series(
      'psiCpuSomeUs',
      [
        [0, 0],
        [1000, 250_000],
      ],
      { subject: 'container' },
    ),
  ];
  const linesOf = (processes: string, record?: RunRecord) =>
    ask({ columns: 'psiCpuSomeUs', processes, points: 1 }, samples, directory, record).lines.map((one) => [
      one.subject,
      one.key,
      one.mean[0],
    ]);
  assert.deepEqual(linesOf('hosts'), [['host', 'box', 0.5]]);
  assert.deepEqual(linesOf('containers'), [['container', 'main', 0.25]]);
  const two = { ...oneSecond, members: [member({ name: 'pod-a' }), member({ name: 'pod-b' })] };
  assert.deepEqual(linesOf('containers', two), [['container', 'pod-a/main', 0.25]]);
});

test('devices and volumes are subjects of their own, and named by whose they are', () => {
  const directory = {
    containers: [{ member: 0, index: 4, name: 'main' }],
    storage: [
      { member: 0, kind: 'device' as const, index: 0, container: 4, place: '8:0', name: 'sda' },
      { member: 0, kind: 'device' as const, index: 1, container: undefined, place: '8:16', name: undefined },
      { member: 0, kind: 'volume' as const, index: 2, container: 4, place: '/data', name: 'cache' },
    ],
  };
  const rising: [number, number][] = [
    [0, 0],
    [1000, 4096],
  ];
  const samples = [
    series('deviceReadBytes', rising, { subject: 'device' }),
    series('deviceReadBytes', rising, { subject: 'device', index: 1 }),
    series('volumeUsedBytes', rising, { subject: 'volume', index: 2 }),
  ];
  const linesOf = (columns: string, processes: string, record?: RunRecord) =>
    ask({ columns, processes, points: 1 }, samples, directory, record).lines.map(({ subject, key, name }) => [
      subject,
      key,
      name,
    ]);
  assert.deepEqual(linesOf('deviceReadBytes', 'devices'), [
    ['device', 'main:sda', 'sda'],
    ['device', '8:16', undefined],
  ]);
  assert.deepEqual(linesOf('volumeUsedBytes', 'volumes'), [['volume', 'main:/data', 'cache']]);
  const two = { ...oneSecond, members: [member({ name: 'pod-a' }), member({ name: 'pod-b' })] };
  assert.deepEqual(linesOf('volumeUsedBytes', 'volumes', two), [['volume', 'pod-a/main:/data', 'cache']]);
});

test('while a run goes on, its series reach to the last sample', () => {
  const running = { ...oneSecond, members: [openMember()] };
  const answer = ask(
    { columns: 'rssBytes' },
    [
      series('rssBytes', [
        [0, 1],
        [750, 1],
      ]),
    ],
    undefined,
    running,
  );
  assert.equal(answer.toMs, 750);
  assert.equal(answer.times.length, 500);
});

test('missed ticks within the stretch are told', () => {
  const gap = (atMs: number, value: number) => ({ atMs, kind: 'gap', value, message: '' }) as const;
  const events = [gap(300, 2), gap(900, 5), { atMs: 350, kind: 'exec', message: '' } as const];
  const answer = ask({ columns: 'rssBytes', from: 0, to: 500 }, [], { events });
  assert.deepEqual(answer.gaps, [{ atMs: 300, missed: 2 }]);
});

test('a column without a sample in the stretch has no line', () => {
  const answer = ask({ columns: 'rssBytes', from: 500, to: 600 }, [series('rssBytes', [[0, 1]])]);
  assert.deepEqual(answer.lines, []);
});

test('only the columns asked for are read', () => {
  const plan = planSeries({ columns: 'rssBytes, threads' }, oneSecond, {
    processes: [],
    containers: [],
    events: [],
  });
  assert.deepEqual(plan.request.columns, [columnId('rssBytes'), columnId('threads')]);
  assert.equal(plan.request.subjects, undefined);
});

test('samples are asked for no finer than half of a bucket', () => {
  const plan = (query: Partial<SeriesQuery>, record = oneSecond) =>
    planSeries({ columns: 'rssBytes', ...query }, record, { processes: [], containers: [], events: [] });
  assert.equal(plan({ points: 10 }).request.resolutionMs, 50);
  assert.equal(plan({ from: 0, to: 3_600_000, points: 10 }).request.resolutionMs, 180_000);
  const sought = plan({ from: 7_200_000, to: 10_800_000, points: 10 }).request;
  assert.equal(sought.fromMs, 7_200_000 - 180_000);
  const running = run(1, { members: [openMember({ lastSeenMs: run(1).startedAtMs + 4000 })] });
  assert.equal(plan({ points: 10 }, running).request.resolutionMs, 200);
});

test('an unknown column, process or stretch is refused by name', () => {
  const refused = (query: SeriesQuery, message: RegExp, mend: RegExp) =>
    assert.throws(() => ask(query, []), { code: 'PODO_BAD_REQUEST', message, mend });
  refused({ columns: 'rsBytes' }, /"rsBytes"/, /rssBytes/);
  refused({ columns: '' }, /""/, /metrics\.md/);
  refused({ columns: 'rssBytes', processes: '0.0,7.1' }, /"7\.1"/, /\/processes/);
  refused({ columns: 'rssBytes', from: 5, to: 5 }, /"to" is 5/, /later/);
});
