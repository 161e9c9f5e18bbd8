import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { type ComparedRun, compareRuns } from '../../../aggregator/query/compare.ts';
import { runView } from '../../../aggregator/query/run-view.ts';
import { processViews } from '../../../aggregator/query/summary.ts';
import { CompareAnswer, type ProcessView } from '../../../protocol/query.ts';
import { member, processEntry, run, totalsOf } from '../fake-store.ts';

const host = {
  hostname: 'box',
  platform: 'linux',
  architecture: 'x64',
  kernel: '6.1.0',
  cpuModel: 'Fast 9000',
  cores: 8,
  memoryBytes: 16 * 2 ** 30,
};

function compared(number: number, totals: Parameters<typeof totalsOf>[0] = {}, change = {}): ComparedRun {
  const record = run(number, { host, members: [member({ totals: totalsOf(totals) })], ...change });
  return { run: runView(record, 'finished'), processes: [] };
}

const deltaOf = (a: ComparedRun, b: ComparedRun, name: string, earlier = [{}]) =>
  compareRuns(a, b, earlier).measures.find((one) => one.measure === name);

test('each measure has both values, their difference and their ratio', () => {
  const delta = deltaOf(
    compared(1, { wallSeconds: 2000 }),
    compared(2, { wallSeconds: 3000 }),
    'wallSeconds',
  );
  assert.deepEqual(delta, {
    measure: 'wallSeconds',
    label: 'wall time',
    unit: 's',
    better: 'lower',
    a: 2,
    b: 3,
    delta: 1,
    ratio: 1.5,
  });
});

test('there is no ratio to zero, no difference to what was not read, and no line for what neither run has', () => {
  const a = compared(1, { readBytes: 0 });
  const b = compared(2, { readBytes: 5, writeBytes: 6 });
  assert.deepEqual(deltaOf(a, b, 'readBytes'), {
    measure: 'readBytes',
    label: 'read',
    unit: 'By',
    better: 'lower',
    a: 0,
    b: 5,
    delta: 5,
  });
  assert.deepEqual(deltaOf(a, b, 'writeBytes'), {
    measure: 'writeBytes',
    label: 'written',
    unit: 'By',
    better: 'lower',
    b: 6,
  });
  assert.deepEqual(deltaOf(b, a, 'writeBytes'), {
    measure: 'writeBytes',
    label: 'written',
    unit: 'By',
    better: 'lower',
    a: 6,
  });
  assert.equal(deltaOf(a, b, 'wallSeconds'), undefined);
});

test('the history of a measure is its median and half the distance between its quartiles', () => {
  const earlier = [1, 2, 3, 4, 9].map((wallSeconds) => ({ wallSeconds }));
  const { history } =
    deltaOf(compared(6, { wallSeconds: 1 }), compared(7, { wallSeconds: 1 }), 'wallSeconds', earlier) ?? {};
  assert.deepEqual(history, { runs: 5, median: 3, spread: 1 });
});

test('processes are added up by command, without the agent, the largest change in CPU time first', () => {
  const process = (change: Partial<ProcessView>): ProcessView => {
    const [view] = processViews(run(1), { processes: [processEntry()], containers: [] }, []);
    assert.ok(view);
    return { ...view, ...change };
  };
  const a = {
    ...compared(1, { wallSeconds: 10_000 }),
    processes: [
      process({ comm: 'gzip', cpuUserSeconds: 1, shortLivedCpuSeconds: 0.5, startMs: 1000, endMs: 3000 }),
      process({ comm: 'gzip', cpuUserSeconds: 1, cpuSystemSeconds: 1, startMs: -500, endMs: 1000 }),
      process({ comm: 'sh' }),
      process({ comm: 'podometer', role: 'agent', cpuUserSeconds: 99 }),
    ],
  };
  const b = { ...compared(2), processes: [process({ comm: 'zstd', cpuUserSeconds: 1, endMs: 1000 })] };
  assert.deepEqual(compareRuns(a, b, []).processes, [
    {
      comm: 'gzip',
      a: { count: 2, cpuSeconds: 3.5, wallSeconds: 3 },
      b: { count: 0, cpuSeconds: 0, wallSeconds: 0 },
    },
    {
      comm: 'zstd',
      a: { count: 0, cpuSeconds: 0, wallSeconds: 0 },
      b: { count: 1, cpuSeconds: 1, wallSeconds: 1 },
    },
    {
      comm: 'sh',
      a: { count: 1, cpuSeconds: 0, wallSeconds: 10 },
      b: { count: 0, cpuSeconds: 0, wallSeconds: 0 },
    },
  ]);
});

test('like runs are compared without a word of caution, in the form of the API', () => {
  const answer = compareRuns(compared(1), compared(2), []);
  assert.deepEqual(answer.cautions, []);
  assert.ok(Value.Check(CompareAnswer, answer));
});

test('unlike hosts, commands, intervals, metrics and workloads are said', () => {
  const other = compared(
    2,
    {},
    {
      host: { ...host, cpuModel: 'Slow 1', cores: 2, memoryBytes: 2 ** 30, kernel: '5.10.0' },
      command: ['./train', '--slow'],
      intervalMs: 1000,
      metrics: ['time', 'performance'],
      workload: { kind: 'Local', name: 'eval' },
    },
  );
  assert.deepEqual(compareRuns(compared(1), other, []).cautions, [
    'Different CPU models: Fast 9000 and Slow 1.',
    'Different numbers of CPUs: 8 and 2.',
    'Different memory sizes: 16.0 GiB and 1.0 GiB.',
    'Different kernels: 6.1.0 and 5.10.0.',
    'Different workloads: train and eval.',
    'Different commands: ./train and ./train --slow.',
    'Different intervals: 100 ms and 1000 ms.',
    'Different metrics: performance and performance, time.',
  ]);
});

test('the order of the metrics is no difference', () => {
  const one = compared(1, {}, { metrics: ['time', 'performance'] });
  const two = compared(2, {}, { metrics: ['performance', 'time'] });
  assert.deepEqual(compareRuns(one, two, []).cautions, []);
});

test('a run that is not whole, or whose host is not known, is said', () => {
  const a = { run: runView(run(1), 'interrupted'), processes: [] };
  const b = { run: runView(run(2, { host }), 'running'), processes: [] };
  assert.deepEqual(compareRuns(a, b, []).cautions, [
    'train@1 was interrupted: what it used after the last batch is missing.',
    'train@2 is still running: its figures grow.',
    'The host of at least one of the runs is not known.',
  ]);
});
