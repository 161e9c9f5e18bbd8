import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { leastOfThree } from '../least-of-three.ts';
import { readLatest, targets, temporaryFolder } from '../measured.ts';
import { imported } from './imported.ts';
import { identities, launchAgent, RealAggregator, startAgent } from './pod-agent.ts';
import { PodWorld, podWorldSkip as skip } from './pod-world.ts';

const app = (seconds: number) => ({
  name: 'app',
  identity: identities.app,
  command: ['sleep', String(seconds)],
});

test('a sidecar that is told to stop takes the last sample, delivers everything and ends with 0', {
  skip,
}, async (t) => {
  const world = await PodWorld.start(t);
  const data = temporaryFolder(t);
  const { url } = await RealAggregator.start(t, data);
  const agent = await startAgent(world, identities.tracer, { PODOMETER_AGGREGATOR_URL: url });
  const target = await world.startContainer(app(0.8));
  await target.ended;
  agent.signal('SIGTERM');
  assert.equal(await agent.ended, 0);

  const { run, processes } = await readLatest(data);
  const [process] = targets(processes);
  assert.equal(run.state, 'finished');
  assert.ok(Math.abs((run.measures.wallSeconds ?? 0) - 0.8) < 0.1, String(run.measures.wallSeconds));
  assert.ok((process?.endBoundMs ?? Number.NaN) <= 50, String(process?.endBoundMs));
  assert.deepEqual(
    readdirSync(world.volume('spool')).filter((name) => name.endsWith('.batches')),
    [],
  );
});

test('the end of a container is known within 10 ms whatever the interval', { skip }, async (t) => {
  const boundMs = async (): Promise<number> => {
    const world = await PodWorld.start(t);
    const agent = await startAgent(world, identities.tracer, { PODOMETER_INTERVAL: '60s' });
    const target = await world.startContainer(app(1.5));
    await target.ended;
    agent.signal('SIGTERM');
    assert.equal(await agent.ended, 0);
    const { processes } = await imported(t, world.volume('spool'));
    const [process] = targets(processes);
    return process?.endBoundMs ?? Number.NaN;
  };
  const leastMs = await leastOfThree(boundMs);
  assert.ok(leastMs <= 25, String(leastMs));
});

test('an agent that cannot deliver ends within its grace period and says that something is left', {
  skip,
}, async (t) => {
  const world = await PodWorld.start(t);
  const agent = await startAgent(world, identities.tracer, {
    // Nobody listens there.
    PODOMETER_AGGREGATOR_URL: 'http://127.0.0.1:9',
    PODOMETER_GRACE_PERIOD: '4s',
  });
  const target = await world.startContainer(app(0.3));
  await target.ended;
  const toldAtMs = performance.now();
  agent.signal('SIGTERM');
  assert.equal(await agent.ended, 0);

  const tookMs = performance.now() - toldAtMs;
  assert.ok(tookMs > 2500 && tookMs < 4000, `${tookMs} ms`);
  assert.match(await agent.stderr, /the grace period is over: what was not delivered stays in the spool/);
  assert.ok(readdirSync(world.volume('spool')).some((name) => name.endsWith('.batches')));
});

test('without an aggregator the summary is printed as a table and as one line of JSON', {
  skip,
}, async (t) => {
  const world = await PodWorld.start(t);
  const agent = await startAgent(world, identities.tracer, { PODOMETER_LIFECYCLE: 'container' });
  await world.startContainer(app(0.5));
  assert.equal(await agent.ended, 0);

  const printed = await agent.stdout;
  const summary = JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '');
  assert.match(printed, /^ {2}wall time +\d+ ms$/m);
  assert.equal(summary.containers[0].name, 'app');
  assert.equal(summary.measures.processes, 1);
});

test('an agent that comes after everything has ended does not wait for ever, and says why it ends', {
  skip,
}, async (t) => {
  const world = await PodWorld.start(t);
  const target = await world.startContainer(app(0.1));
  await target.ended;
  const agent = await startAgent(world, identities.tracer, { PODOMETER_LIFECYCLE: 'container' });
  assert.equal(await agent.ended, 0);

  assert.match(await agent.stderr, /no container was seen, and nothing else runs in the pod/);
  const { directory } = await imported(t, world.volume('spool'));
  assert.match(JSON.stringify(directory.events), /no container was seen/);
});

test('a bad setting ends the agent with 2 and one line that names it', { skip }, async (t) => {
  const world = await PodWorld.start(t);
  const agent = await launchAgent(world, identities.tracer, { PODOMETER_INTERVAL: '1ms' });

  assert.equal(await agent.ended, 2);
  assert.match(await agent.stderr, /PODOMETER_INTERVAL is "1ms".*It must be a time from 10ms to 60s/s);
});

test('an agent whose spool cannot be written keeps batches in memory and delivers them', {
  skip,
}, async (t) => {
  const world = await PodWorld.start(t);
  const data = temporaryFolder(t);
  const { url } = await RealAggregator.start(t, data);
  const settings = { PODOMETER_SPOOL: '/proc/nowhere', PODOMETER_AGGREGATOR_URL: url };
  const agent = await launchAgent(world, identities.app, settings);
  const target = await world.startContainer(app(2.5));
  await target.ended;
  agent.signal('SIGTERM');
  assert.equal(await agent.ended, 0);

  assert.match(await agent.stderr, /the spool cannot be used: .*\/proc\/nowhere/);
  assert.equal(targets((await readLatest(data)).processes).length, 1);
});

test('an agent that is started again goes on, and nothing is counted twice', { skip }, async (t) => {
  const world = await PodWorld.start(t);
  const data = temporaryFolder(t);
  const first = await startAgent(world, identities.tracer, { PODOMETER_LIFECYCLE: 'container' });
  const target = await world.startContainer({
    name: 'app',
    identity: identities.app,
    command: ['sh', '-c', 'head -c 400000 /dev/zero | cat >/dev/null; sleep 6'],
  });
  await sleep(700);
  first.signal('SIGKILL');
  await first.ended;
  const { url } = await RealAggregator.start(t, data);
  const second = await startAgent(world, identities.tracer, { PODOMETER_AGGREGATOR_URL: url });
  await target.ended;
  second.signal('SIGTERM');
  assert.equal(await second.ended, 0);

  const { run, directory } = await readLatest(data);
  const { wcharBytes = 0 } = run.measures;
  assert.ok(wcharBytes < 900_000, String(wcharBytes));
  assert.match(JSON.stringify(directory.events), /the agent was started again/);
});
