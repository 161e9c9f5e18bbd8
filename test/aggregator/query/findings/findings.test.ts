import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingsOf, readFindings } from '../../../../aggregator/query/findings/findings.ts';
import { runSamples } from '../../../../aggregator/query/findings/samples.ts';
import { runView } from '../../../../aggregator/query/run-view.ts';
import { seededRandom } from '../../../../aggregator/query/statistics/seeded-random.ts';
import type { ColumnSeries } from '../../../../aggregator/store/model.ts';
import type { MeasureValues } from '../../../../protocol/measures.ts';
import type { ColumnName } from '../../../../protocol/metrics.ts';
import { FakeStore, member, processEntry, run, series, stateOf, totalsOf } from '../../fake-store.ts';

const MiB = 2 ** 20;
const SECONDS = 100;
const host = {
  hostname: 'box',
  platform: 'linux',
  architecture: 'x64',
  kernel: '6.1.0',
  cpuModel: 'Fast 9000',
  cores: 8,
  memoryBytes: 16 * 2 ** 30,
};
const container = { member: 0, index: 0, name: 'main' };

/** One sample a second. */
const bySecond = (
  column: ColumnName,
  at: (second: number) => number,
  subject: Parameters<typeof series>[2] = {},
) =>
  series(
    column,
    Array.from({ length: SECONDS + 1 }, (_, second) => [second * 1000, Math.round(at(second))] as const),
    subject,
  );
const ofContainer = (column: ColumnName, at: (second: number) => number) =>
  bySecond(column, at, { subject: 'container' });

function findings(samples: readonly ColumnSeries[], measures: MeasureValues = {}, change = {}) {
  const record = run(1, { host, ...change });
  const view = {
    ...runView(record, 'finished'),
    ...(record.pods && { pods: [...record.pods] }),
    measures: { wallSeconds: SECONDS, ...measures },
  };
  const places = record.members.map((_, place) => place);
  const directory = {
    processes: [
      processEntry({ comm: record.members.length > 1 ? 'worker' : 'train' }),
      ...[1, 2].map((index) => processEntry({ index, comm: 'helper' })),
      ...places.slice(1).map((place) => processEntry({ member: place, comm: 'worker', container: 0 })),
    ],
    containers: places.map((place) => ({ ...container, member: place })),
  };
  return findingsOf(runSamples(view, directory, samples));
}
const kinds = (...given: Parameters<typeof findings>) => findings(...given).map(({ kind }) => kind);

const pods = {
  workload: { kind: 'Job' as const, name: 'train', namespace: 'team' },
  members: ['train-0-abcde', 'train-1-bcdef', 'train-2-cdefg'].map((name) => member({ name })),
};

test('a process that keeps one of many cores busy is bound to one core', () => {
  const [found] = findings([bySecond('utimeTicks', (s) => 98 * s), bySecond('stimeTicks', () => 0)]);
  assert.equal(
    found?.sentence,
    '`train` kept one core busy in 100 % of its time, and the run used 0.98 of 8 cores: it is bound to one core.',
  );
  assert.equal(found?.process, '0.0');
});

test('a process of several threads, one that waits, and one on a machine of one core are not bound to it', () => {
  assert.deepEqual(kinds([bySecond('utimeTicks', (s) => 350 * s)]), []);
  assert.deepEqual(kinds([bySecond('utimeTicks', (s) => 40 * s)]), []);
  assert.deepEqual(kinds([bySecond('utimeTicks', (s) => (s < 50 ? 200 * s : 10_000))]), []);
  assert.deepEqual(kinds([bySecond('utimeTicks', (s) => 98 * s)], {}, { host: { ...host, cores: 1 } }), []);
  const two = [bySecond('utimeTicks', (s) => 98 * s), bySecond('utimeTicks', (s) => 98 * s, { index: 1 })];
  assert.deepEqual(kinds(two), []);
});

test('of several pods, each is held to its own: one busy core in each is told, and how many they are', () => {
  const busy = [0, 1].map((place) => bySecond('utimeTicks', (s) => 98 * s, { member: place }));
  const found = findings(busy, {}, pods);
  assert.equal(found.length, 1);
  assert.match(
    found[0]?.sentence ?? '',
    /^`worker` in pod `train-0-abcde` kept one core busy in 100 % of its time, and the pod used 0\.98 of 8 cores: .* So it is in 2 of 3 pods/,
  );
});

test('a container with a CPU limit has no more cores than that', () => {
  const busy = bySecond('utimeTicks', (s) => 98 * s, { member: 1 });
  const limitedTo = (millicores: number) => [
    busy,
    bySecond('cpuLimitMillicores', () => millicores, { subject: 'container', member: 1 }),
  ];
  assert.deepEqual(kinds(limitedTo(1000), {}, pods), []);
  assert.match(findings(limitedTo(4000), {}, pods)[0]?.sentence ?? '', /used 0\.98 of 4 cores/);
  assert.match(findings(limitedTo(16_000), {}, pods)[0]?.sentence ?? '', /used 0\.98 of 8 cores/);
});

test('memory near its limit is told without the page cache', () => {
  const limit = ofContainer('memoryLimitBytes', () => 512 * MiB);
  const [found] = findings([limit, ofContainer('memoryCurrentBytes', (s) => (400 + s) * MiB)]);
  assert.equal(found?.kind, 'memory-limit');
  assert.match(found?.sentence ?? '', /`main` used 500 MiB of its memory limit of 512 MiB \(98 %/);
  const cached = [
    limit,
    ofContainer('memoryCurrentBytes', () => 510 * MiB),
    ofContainer('memoryFileBytes', () => 300 * MiB),
  ];
  assert.deepEqual(kinds(cached), []);
  assert.deepEqual(kinds([ofContainer('memoryCurrentBytes', () => 510 * MiB)]), []);
});

test('a container that its CPU limit stops often is throttled', () => {
  const periods = ofContainer('cpuPeriods', (s) => 10 * s);
  const [found] = findings([
    periods,
    ofContainer('throttledPeriods', (s) => 4 * s),
    ofContainer('throttledUs', (s) => 20_000 * s),
    ofContainer('cpuLimitMillicores', () => 500),
  ]);
  assert.equal(
    found?.sentence,
    'Container `main` was stopped by its CPU limit of 0.5 cores in 40 % of the periods, 2.00 s in all.',
  );
  assert.deepEqual(kinds([periods, ofContainer('throttledPeriods', (s) => 0.5 * s)]), []);
});

test('a process that waits much of the run for storage is told, and without delays the pressure is', () => {
  const [found] = findings([bySecond('blockIoDelayTicks', (s) => 60 * s)]);
  assert.equal(found?.sentence, '`train` waited for disk for 1 min 00 s, 60 % of the run.');
  assert.deepEqual(kinds([bySecond('threadUninterruptibleMs', (s) => 300 * s)]), ['disk-wait']);
  assert.match(findings([], { psiIoSeconds: 41 })[0]?.sentence ?? '', /waited for IO in 41 % of the run/);
  assert.deepEqual(kinds([bySecond('blockIoDelayTicks', (s) => 5 * s)], { psiIoSeconds: 5 }), []);
});

test('threads that wait at once take no more of the run than passed', () => {
  const [found] = findings([bySecond('threadUninterruptibleMs', (s) => 4000 * Math.min(s, 50))]);
  assert.equal(
    found?.sentence,
    '`train` waited for disk for 50.0 s, 50 % of the run (3 min 20 s of its threads together).',
  );
  assert.deepEqual(found?.figures, { waitedSeconds: 50, share: 0.5, threadSeconds: 200 });
  assert.deepEqual(kinds([bySecond('threadUninterruptibleMs', (s) => 4000 * Math.min(s, 20))]), []);
});

test('memory that rises all the time is a leak, with its pace', () => {
  const random = seededRandom(3);
  const [found] = findings([bySecond('rssBytes', (s) => (50 + s + 2 * random()) * MiB)]);
  assert.equal(found?.kind, 'leak');
  assert.match(found?.sentence ?? '', /^`train` grew steadily by 60\.\d MiB a minute \(95 %: /);
  const { bytesPerSecond = 0, lowBytesPerSecond = 0, highBytesPerSecond = 0 } = found?.figures ?? {};
  assert.ok(lowBytesPerSecond <= bytesPerSecond && bytesPerSecond <= highBytesPerSecond);
  assert.ok(Math.abs(bytesPerSecond / MiB - 1) < 0.02);
});

test('a leak under a collector that frees in between is found', () => {
  assert.deepEqual(kinds([bySecond('rssBytes', (s) => (50 + 0.5 * s + (s % 7)) * MiB)]), ['leak']);
});

test('memory that is level, that fills a cache, that rises at the start or goes up and down is no leak', () => {
  const random = seededRandom(4);
  for (const level of [
    () => 300 * MiB,
    () => (300 + 5 * random()) * MiB,
    (s: number) => (50 + 200 * (1 - Math.exp(-s / 15))) * MiB,
    (s: number) => Math.min(20 + 20 * s, 300) * MiB,
    (s: number) => (100 + 80 * Math.sin(s / 5)) * MiB,
    (s: number) => (s < 60 ? 100 : 200) * MiB,
    (s: number) => (100 + 0.02 * s) * MiB,
  ]) {
    assert.deepEqual(kinds([bySecond('rssBytes', level)]), []);
  }
});

test('a random walk is no leak in at least 95 of 100', () => {
  let alarms = 0;
  for (let seed = 0; seed < 100; seed++) {
    const random = seededRandom(seed);
    let level = 200;
    const walk = () => {
      level += 4 * (random() - 0.5);
      return level * MiB;
    };
    if (kinds([bySecond('rssBytes', walk)]).length > 0) alarms += 1;
  }
  assert.ok(alarms <= 5, String(alarms));
});

test('a short look at growing memory is not enough', () => {
  const short = series(
    'rssBytes',
    Array.from({ length: 30 }, (_, i) => [i * 100, (50 + i) * MiB] as const),
  );
  assert.deepEqual(kinds([short]), []);
});

test('an OOM kill comes first, and a run without any fault has no findings', () => {
  assert.deepEqual(kinds([bySecond('utimeTicks', (s) => 98 * s)], { oomKills: 1 }), ['oom-kill', 'one-core']);
  assert.deepEqual(kinds([bySecond('utimeTicks', (s) => 20 * s), bySecond('rssBytes', () => MiB)]), []);
});

test('of a run of several pods a finding names its pod', () => {
  const [found] = findings([bySecond('blockIoDelayTicks', (s) => 60 * s, { member: 1 })], {}, pods);
  assert.equal(
    found?.sentence,
    '`worker` in pod `train-1-bcdef` waited for disk for 1 min 00 s, 60 % of the run.',
  );
  assert.deepEqual([found?.process, found?.member], ['1.0', 'train-1-bcdef']);
});

test('what holds for several pods alike is told once, of the worst of them', () => {
  const limited = (index: number, used: number) => [
    bySecond('memoryCurrentBytes', () => used * MiB, { subject: 'container', member: index }),
    bySecond('memoryLimitBytes', () => 512 * MiB, { subject: 'container', member: index }),
  ];
  const found = findings([...limited(0, 480), ...limited(1, 100), ...limited(2, 500)], {}, pods);
  assert.equal(found.length, 1);
  assert.match(
    found[0]?.sentence ?? '',
    /^Container `main` in pod `train-2-cdefg` used 500 MiB .* killed\. So it is in 2 of 3 pods; this is the worst\.$/,
  );
});

test('what holds for several processes of a name in one pod is told once', () => {
  const waiting = (index: number, percent: number) =>
    bySecond('blockIoDelayTicks', (s) => percent * s, { index });
  const found = findings([waiting(1, 40), waiting(2, 60)]);
  assert.deepEqual(
    found.map(({ sentence, process }) => [process, sentence]),
    [
      [
        '0.2',
        '`helper` waited for disk for 1 min 00 s, 60 % of the run. So it is with 2 processes of this name; this is the worst.',
      ],
    ],
  );
});

test('containers that were killed for want of memory are told with their pods', () => {
  const spells = [{ reason: 'OOMKilled' }];
  const pod = (name: string, isKilled: boolean) => ({
    name,
    uid: name,
    phase: 'Failed',
    containers: [{ name: 'main', role: 'main', image: 'x', restarts: 0, spells: isKilled ? spells : [] }],
  });
  const sentence = (...all: readonly unknown[]) => findings([], {}, { ...pods, pods: all })[0]?.sentence;
  assert.equal(
    sentence(pod('a', true), pod('b', false)),
    'Container `main` in pod `a` was killed for want of memory (OOMKilled).',
  );
  assert.match(
    sentence(pod('a', true), pod('b', true), pod('c', false)) ?? '',
    /in 2 of 3 pods was killed .* 2 times/,
  );
  assert.match(sentence(pod('a', true)) ?? '', /^Container `main` was killed/);
});

test('of cells of a level, memory counts by the greatest level in each, and less cache than was there at its greatest', () => {
  const cells = (column: ColumnName, mean: number, high: number): ColumnSeries => {
    const one = ofContainer(column, () => mean * MiB);
    const filled = (value: number) => new Float64Array(one.times.length).fill(value * MiB);
    return { ...one, spread: { low: filled(0), high: filled(high) } };
  };
  const limit = ofContainer('memoryLimitBytes', () => 512 * MiB);
  const [found] = findings([limit, cells('memoryCurrentBytes', 300, 600), cells('memoryFileBytes', 50, 100)]);
  assert.equal(found?.figures.peakBytes, 500 * MiB);
  assert.deepEqual(
    kinds([limit, cells('memoryCurrentBytes', 300, 600), cells('memoryFileBytes', 50, 200)]),
    [],
  );
});

test('a day is looked at in cells, and few columns at a time', () => {
  const day = 86_400;
  const record = run(1, {
    intervalMs: 1000,
    members: [member({ totals: totalsOf({ wallSeconds: day * 1000 }) })],
  });
  const store = new FakeStore();
  store.put(record, { processes: [processEntry()] });
  assert.deepEqual(readFindings(store, stateOf, record), []);
  assert.ok(store.requests.length > 3);
  for (const { columns, resolutionMs } of store.requests) {
    assert.deepEqual([resolutionMs, columns.length <= 6], [day, true]);
  }
});
