import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LivePoint } from '../../../aggregator/live/live-point.ts';
import { LiveRuns } from '../../../aggregator/live/live-runs.ts';
import type { Batch, Block } from '../../../protocol/batch.ts';
import { type ColumnName, columns } from '../../../protocol/metrics.ts';
import { columnId, FakeStore, openMember, processEntry, run, START_MS } from '../fake-store.ts';
import { processOf } from '../store/sample-batches.ts';

const AGENT = 'ab'.repeat(16);
const record = run(7, {
  workload: { kind: 'Job', name: 'train', namespace: 'lab' },
  members: [openMember({ agent: AGENT, name: 'train-x' })],
});

function rows(
  index: number,
  values: Partial<Record<ColumnName, number[]>>,
  subject: Block['subject'] = 'process',
): Block {
  const ids = Object.keys(values).map((name) => columnId(name as ColumnName));
  const lists = Object.values(values).filter((list) => list !== undefined);
  return { subject, index, columns: ids, ticks: (lists[0] ?? []).map((_, tick) => tick), values: lists };
}

function batch(change: Partial<Batch>): Batch {
  const empty = { containers: [], processes: [], ticks: [1000, 2000], blocks: [], ends: [], events: [] };
  return {
    agent: AGENT,
    sequence: 1,
    run: record.id,
    epochMs: START_MS,
    ...empty,
    totals: new Map(),
    ...change,
  };
}

function liveOf(...batches: Partial<Batch>[]): LiveRuns {
  const store = new FakeStore(record);
  const live = new LiveRuns(store, () => START_MS);
  for (const change of batches) live.prepare(batch(change))();
  return live;
}

function values(points: readonly LivePoint[], column: ColumnName): Record<string, number> {
  const own = points.filter((point) => point.column.name === column);
  return Object.fromEntries(
    own.map(({ attributes, value }) => [attributes['process.executable.name'], value]),
  );
}

const main = { index: 0, name: 'main' };
const named = (index: number, comm: string) => processOf(index, { comm, container: 0, startMs: 0 });

test('a figure tells its workload, run, pod, container and the name of its processes', () => {
  const live = liveOf({
    containers: [main],
    processes: [named(0, 'python')],
    blocks: [rows(0, { utimeTicks: [10, 50], rssBytes: [1, 4096] })],
  });
  const [cpu, memory] = live.snapshot();
  assert.deepEqual(cpu?.attributes, {
    'podometer.workload': 'train',
    'podometer.run': 'train@7',
    'k8s.namespace.name': 'lab',
    'k8s.pod.name': 'train-x',
    'k8s.container.name': 'main',
    'process.executable.name': 'python',
  });
  assert.deepEqual([cpu?.column.name, cpu?.value], ['utimeTicks', 0.5]);
  assert.deepEqual([memory?.column.name, memory?.value], ['rssBytes', 4096]);
});

test('processes of one name add up; a counter keeps what ended ones used, a level does not', () => {
  const live = liveOf(
    {
      processes: [named(0, 'gcc'), named(1, 'gcc')],
      blocks: [rows(0, { utimeTicks: [100], rssBytes: [10] }), rows(1, { utimeTicks: [50], rssBytes: [20] })],
    },
    {
      ends: [{ index: 0, endMs: 1, boundMs: 0, exitCode: undefined }],
      blocks: [rows(1, { utimeTicks: [70], rssBytes: [25] })],
    },
  );
  assert.deepEqual(values(live.snapshot(), 'utimeTicks'), { gcc: 1.7 });
  assert.deepEqual(values(live.snapshot(), 'rssBytes'), { gcc: 25 });
});

test('however many names there are, few are shown, and no counter ever falls', () => {
  const live = liveOf();
  const before = new Map<string, number>();
  let total = 0;
  for (let index = 0; index < 40; index++) {
    live.prepare(
      batch({ processes: [named(index, `tool-${index}`)], blocks: [rows(index, { utimeTicks: [0] })] }),
    )();
    live.prepare(batch({ blocks: [rows(index, { utimeTicks: [100] })] }))();
    total += 1;
    const shown = values(live.snapshot(), 'utimeTicks');
    for (const [name, value] of Object.entries(shown)) {
      assert.ok(value >= (before.get(name) ?? 0), name);
      before.set(name, value);
    }
    assert.equal(
      Object.values(shown).reduce((sum, value) => sum + value, 0),
      total,
    );
  }
  assert.equal(Object.keys(values(live.snapshot(), 'utimeTicks')).length, 11);
});

test('figures of containers and hosts are the newest ones as they are', () => {
  const live = liveOf(
    { containers: [main], blocks: [rows(0, { memoryCurrentBytes: [5, 7] }, 'container')] },
    { blocks: [rows(0, { psiCpuSomeUs: [1e6, 2e6] }, 'host')] },
  );
  const shown = live
    .snapshot()
    .map((point) => [point.column.name, point.attributes['k8s.container.name'], point.value]);
  assert.deepEqual(shown, [
    ['memoryCurrentBytes', 'main', 7],
    ['psiCpuSomeUs', undefined, 2],
  ]);
});

test('a run that was there before this program began goes on from where it is', () => {
  const store = new FakeStore();
  store.put(record, { processes: [processEntry({ comm: 'python', container: undefined })] });
  const live = new LiveRuns(store, () => START_MS);
  live.prepare(batch({ blocks: [rows(0, { utimeTicks: [5000] })] }))();
  live.prepare(batch({ blocks: [rows(0, { utimeTicks: [5200] })] }))();
  assert.deepEqual(values(live.snapshot(), 'utimeTicks'), { other: 0, python: 2 });
});

test('a member that has ended or was silent for long is forgotten', () => {
  const update = { processes: [named(0, 'a')], blocks: [rows(0, { rssBytes: [5] })] };
  const outcome = { endedAtMs: START_MS, reason: 'unknown' } as const;
  assert.deepEqual(liveOf(update, { outcome }).snapshot(), []);
  let nowMs = START_MS;
  const live = new LiveRuns(new FakeStore(record), () => nowMs);
  live.prepare(batch(update))();
  assert.equal(live.snapshot().length, 1);
  nowMs += 301_000;
  assert.deepEqual(live.snapshot(), []);
});

test('members of agents that were killed are forgotten though nobody asks for figures', () => {
  const agents = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
  const members = agents.map((agent) => openMember({ agent, name: agent }));
  let nowMs = START_MS;
  const live = new LiveRuns(new FakeStore(run(7, { members })), () => nowMs);
  const sizes = agents.map((agent) => {
    live.prepare(batch({ agent }))();
    nowMs += 301_000;
    return live.size;
  });
  assert.deepEqual(sizes, [1, 1, 1]);
});

test('no two columns of one subject would make the same series', () => {
  const seen = new Set<string>();
  for (const { name, id, otel } of columns) {
    const key = JSON.stringify([id < 64 ? 'process' : id < 112 ? 'container' : id, otel]);
    assert.ok(!seen.has(key), name);
    seen.add(key);
  }
});
