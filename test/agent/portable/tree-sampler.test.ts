import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createTreeSampler,
  type ProcessUsage,
  type TreeSources,
} from '../../../agent/portable/tree-sampler.ts';

interface World {
  /** Lines of `ps`. */
  list: string[];
  usage: Record<number, ProcessUsage | null>;
}

const NOW_MS = Date.parse('2026-07-29T16:00:00Z');

function used(ctime: number, memory: number, elapsed = 60_000): ProcessUsage {
  return { ppid: 1, ctime, memory, elapsed, timestamp: NOW_MS };
}

function line(pid: number, ppid: number, second: number, comm = '/bin/app'): string {
  return `${pid} ${ppid} Wed Jul 29 15:37:${String(second).padStart(2, '0')} 2026 ${comm}`;
}

/** A machine that is what the test says, and that answers pidusage only for the pids that were asked for. */
function sourcesOf(world: World, platform: NodeJS.Platform = 'darwin'): TreeSources & { asked: number[][] } {
  const asked: number[][] = [];
  return {
    platform,
    asked,
    clock: { monotonicMs: () => 42, wallMs: () => NOW_MS },
    run: async () => world.list.join('\n'),
    pidusage: async (pids) => {
      asked.push([...pids]);
      return Object.fromEntries(pids.map((pid) => [pid, world.usage[pid] ?? null]));
    },
  };
}

test('the root and every generation below it are measured, and nobody else', async () => {
  const sources = sourcesOf({
    list: [line(30, 20, 2), line(1, 0, 0), line(20, 10, 1), line(10, 5, 1, '/opt/my app'), line(11, 5, 1)],
    usage: { 10: used(100, 4_096), 20: used(250, 8_192), 30: used(0, 0), 11: used(9, 9), 1: used(9, 9) },
  });

  const { atMs, processes } = await createTreeSampler(10, sources).sample();

  assert.equal(atMs, 42);
  assert.deepEqual(
    processes.map(({ pid, ppid, cpuTimeMs, rssBytes }) => [pid, ppid, cpuTimeMs, rssBytes]),
    [
      [10, 5, 100, 4_096],
      [20, 10, 250, 8_192],
      [30, 20, 0, 0],
    ],
  );
  assert.equal(processes[0]?.comm, 'my app');
  assert.equal(processes[0]?.startMs, Date.parse('2026-07-29T15:37:01Z'));
});

test('a process whose parent ended stays a member, with its new children', async () => {
  const world: World = {
    list: [line(10, 5, 1), line(20, 10, 2), line(30, 20, 3)],
    usage: { 10: used(1, 1), 20: used(1, 1), 30: used(1, 1), 40: used(1, 1) },
  };
  const sampler = createTreeSampler(10, sourcesOf(world));
  await sampler.sample();

  world.list = [line(30, 1, 3), line(40, 30, 4)];

  const { processes } = await sampler.sample();
  assert.deepEqual(
    processes.map(({ pid, ppid }) => [pid, ppid]),
    [
      [30, 1],
      [40, 30],
    ],
  );
});

test('a stranger with the pid of a former member is not a member, nor are its children', async () => {
  const world: World = {
    list: [line(10, 5, 1), line(20, 10, 2)],
    usage: { 10: used(1, 1), 20: used(1, 1), 21: used(1, 1) },
  };
  const sources = sourcesOf(world);
  const sampler = createTreeSampler(10, sources);
  await sampler.sample();

  world.list = [line(10, 5, 1), line(20, 5, 40), line(21, 20, 41)];
  const { processes } = await sampler.sample();

  assert.deepEqual(
    processes.map((each) => each.pid),
    [10],
  );
  assert.deepEqual(sources.asked, [[10, 20], [10]]);
});

test('a start that ps rounds to another second is still the same process, with its first start time', async () => {
  const world: World = { list: [line(10, 5, 1), line(20, 10, 7)], usage: { 10: used(1, 1), 20: used(1, 1) } };
  const sampler = createTreeSampler(10, sourcesOf(world));
  const before = await sampler.sample();

  world.list = [line(20, 1, 8)];
  const after = await sampler.sample();

  assert.equal(after.processes[0]?.pid, 20);
  assert.equal(after.processes[0]?.startMs, before.processes[1]?.startMs);
});

test('a process that ended between the list and pidusage is not in the sample', async () => {
  const sources = sourcesOf({
    list: [line(10, 5, 1), line(20, 10, 2)],
    usage: { 10: used(1, 1), 20: null },
  });

  const { processes } = await createTreeSampler(10, sources).sample();

  assert.deepEqual(
    processes.map((each) => each.pid),
    [10],
  );
});

test('when all have ended the sample is empty and pidusage is not asked', async () => {
  const sources = sourcesOf({ list: [line(1, 0, 0)], usage: {} });

  assert.deepEqual((await createTreeSampler(10, sources).sample()).processes, []);
  assert.deepEqual(sources.asked, []);
});

test('on Windows the root alone is measured, and the sampler says so', async () => {
  const world: World = { list: [], usage: { 10: used(310, 5_000, 60_000) } };
  const sources = sourcesOf(world, 'win32');
  const sampler = createTreeSampler(10, sources);

  assert.equal(sampler.covers, 'root');
  assert.deepEqual((await sampler.sample()).processes, [
    { pid: 10, ppid: 1, startMs: NOW_MS - 60_000, comm: '', cpuTimeMs: 310, rssBytes: 5_000 },
  ]);

  world.usage = { 10: used(1, 1, 2_000) };
  assert.deepEqual((await sampler.sample()).processes, [], 'a stranger with the same pid');
  world.usage = {};
  assert.deepEqual((await sampler.sample()).processes, []);
});
