import assert from 'node:assert/strict';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { leastOfThree } from '../least-of-three.ts';
import { targets } from '../measured.ts';
import { imported } from './imported.ts';
import { identities, type PodAgent, startAgent } from './pod-agent.ts';
import { PodWorld, podWorldSkip as skip } from './pod-world.ts';

async function podWith(t: TestContext, script: string, settings: Readonly<Record<string, string>> = {}) {
  const world = await PodWorld.start(t);
  const agent = await startAgent(world, identities.tracer, settings);
  const target = await world.startContainer({
    name: 'app',
    identity: identities.app,
    command: ['sh', '-c', script],
  });
  return { world, agent, target };
}

async function stopped(t: TestContext, world: PodWorld, agent: PodAgent) {
  agent.signal('SIGTERM');
  assert.equal(await agent.ended, 0);
  return imported(t, world.volume('spool'));
}

test('a target that is killed is measured to its end', { skip }, async (t) => {
  const boundMs = async (): Promise<number> => {
    const { world, agent, target } = await podWith(t, 'while :; do :; done');
    await sleep(900);
    target.signal('SIGKILL');
    await target.ended;

    const { run, processes } = await stopped(t, world, agent);
    const [process] = targets(processes);
    const { cpuUserSeconds = 0, cpuSystemSeconds = 0 } = run.measures;
    assert.ok(cpuUserSeconds + cpuSystemSeconds > 0.3, String(cpuUserSeconds + cpuSystemSeconds));
    return process?.endBoundMs ?? Number.NaN;
  };
  const leastMs = await leastOfThree(boundMs);
  assert.ok(leastMs <= 50, String(leastMs));
});

test('a container that ends between two samples misses no more CPU time than 50 ms hold', {
  skip,
}, async (t) => {
  const world = await PodWorld.start(t);
  const agent = await startAgent(world, identities.tracer, { PODOMETER_INTERVAL: '1s' });
  const target = await world.startContainer({
    name: 'app',
    identity: identities.app,
    command: [process.execPath, join(world.source, 'test', 'e2e', 'programs', 'burn.ts'), '2.7'],
    output: 'pipe',
  });
  assert.ok(target.process.stdout);
  const { cpuSeconds } = JSON.parse(await text(target.process.stdout));
  await target.ended;

  const { processes } = await stopped(t, world, agent);
  const [burned] = targets(processes);
  const missed = cpuSeconds - (burned?.cpuUserSeconds ?? 0) - (burned?.cpuSystemSeconds ?? 0);
  assert.ok(missed <= 0.07 && missed >= -0.02, `${missed} s of ${cpuSeconds}`);
});

test('a target that is stopped uses nothing and has not ended', { skip }, async (t) => {
  const { world, agent, target } = await podWith(t, 'while :; do :; done', {
    PODOMETER_METRICS: 'performance,time,threads',
  });
  await sleep(400);
  target.signal('SIGSTOP');
  await sleep(1500);

  const { run, processes } = await stopped(t, world, agent);
  const { cpuUserSeconds = 0, cpuSystemSeconds = 0 } = run.measures;
  assert.ok(cpuUserSeconds + cpuSystemSeconds < 0.8, String(cpuUserSeconds + cpuSystemSeconds));
  const loop = targets(processes).find(({ comm }) => comm === 'sh');
  assert.ok(loop);
  assert.equal(loop.endMs, undefined);
});

test('a zombie that nobody waits for has ended', { skip }, async (t) => {
  // The shell becomes a program that never waits for the child that it started before.
  const { world, agent } = await podWith(t, 'sleep 0.5 & exec sleep 60');
  await sleep(1500);

  const { processes } = await stopped(t, world, agent);
  const ended = targets(processes).filter(({ endMs }) => endMs !== undefined);
  assert.deepEqual(
    ended.map(({ comm }) => comm),
    ['sleep'],
  );
  assert.ok((ended[0]?.endMs ?? 0) - (ended[0]?.startMs ?? 0) < 700);
});

test('five hundred short-lived children a second are in the totals, and the agent keeps up', {
  skip,
}, async (t) => {
  const loop = 'j=0; while [ $j -lt 20 ]; do j=$((j+1)); done';
  const { world, agent, target } = await podWith(
    t,
    `i=0; while [ $i -lt 3000 ]; do (${loop}); i=$((i+1)); done`,
    { PODOMETER_INTERVAL: '1s' },
  );
  await target.ended;

  const { run } = await stopped(t, world, agent);
  const { shortLivedCpuSeconds = 0, cpuUserSeconds = 0, cpuSystemSeconds = 0 } = run.measures;
  assert.ok(shortLivedCpuSeconds > 0.2 * (cpuUserSeconds + cpuSystemSeconds));
  assert.equal(run.measures.gaps ?? 0, 0);
});

test('two thousand processes are all found, once', { skip }, async (t) => {
  const { world, agent } = await podWith(
    t,
    'i=0; while [ $i -lt 2000 ]; do sleep 60 & i=$((i+1)); done; wait',
    { PODOMETER_INTERVAL: '1s' },
  );
  const found = (): number => Number(world.run(['sh', '-c', 'ls /proc | grep -c "^[0-9]"']));
  for (let i = 0; i < 100 && found() < 2000; i++) await sleep(100);
  await sleep(3000);

  const { processes, run } = await stopped(t, world, agent);
  const sleeping = targets(processes).filter(({ comm }) => comm === 'sleep');
  assert.equal(new Set(sleeping.map(({ pid }) => pid)).size, 2000);
  assert.equal(run.measures.processes, 2001);
});

test('a wall clock that steps back by an hour moves nothing', { skip }, async (t) => {
  const { world, agent, target } = await podWith(t, 'sleep 2.5', {
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'clock-step.ts')}`,
  });
  await target.ended;

  const { run, processes } = await stopped(t, world, agent);
  const [process] = targets(processes);
  assert.ok(Math.abs((run.measures.wallSeconds ?? 0) - 2.5) < 0.2, String(run.measures.wallSeconds));
  assert.ok(Math.abs((process?.endMs ?? 0) - (process?.startMs ?? 0) - 2500) < 200);
  assert.ok(Date.now() - Date.parse(run.startedAt) < 60_000);
});
