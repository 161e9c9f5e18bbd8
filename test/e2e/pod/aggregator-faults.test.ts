import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../free-port.ts';
import { readLatest, readSeries, targets, temporaryFolder } from '../measured.ts';
import { identities, launchAgent, RealAggregator, startAgent } from './pod-agent.ts';
import { PodWorld, podWorldSkip as skip } from './pod-world.ts';

/** A container that writes 100,000 bytes ten times a second, for as many tenths of a second. */
const writer = (times: number) => ({
  name: 'app',
  identity: identities.app,
  command: [
    'sh',
    '-c',
    `i=0; while [ $i -lt ${times} ]; do head -c 100000 /dev/zero >/dev/null; sleep 0.1; i=$((i+1)); done`,
  ],
});

async function podWith(t: TestContext, url: string, times: number) {
  const world = await PodWorld.start(t);
  const agent = await startAgent(world, identities.tracer, { PODOMETER_AGGREGATOR_URL: url });
  const target = await world.startContainer(writer(times));
  const waiting = (): string[] =>
    readdirSync(world.volume('spool')).filter((name) => name.endsWith('.batches'));
  const finish = async (): Promise<void> => {
    await target.ended;
    agent.signal('SIGTERM');
    assert.equal(await agent.ended, 0);
  };
  return { waiting, finish };
}

/** That the run is whole: what every process wrote, and no hole between two samples of the first one. */
async function assertWhole(data: string, times: number): Promise<void> {
  const { run, processes } = await readLatest(data);
  const { wcharBytes = 0 } = run.measures;
  const expected = times * 100_000;
  assert.ok(wcharBytes >= expected && wcharBytes < expected * 1.001, `${wcharBytes} of ${expected}`);
  const [shell] = targets(processes);
  const series = (await readSeries(data, ['utimeTicks'])).get('utimeTicks') ?? [];
  const own = series.find(({ member, index }) => `${member}.${index}` === shell?.key);
  const gaps = [...(own?.times ?? [])].map((time, i, times) => (i === 0 ? 0 : time - (times[i - 1] ?? 0)));
  assert.ok(gaps.length > 10 && Math.max(...gaps) < 400, `${gaps.length} samples, ${Math.max(...gaps)} ms`);
}

/** A way to a port on which every answer takes as much longer. */
async function slowWay(t: TestContext, to: number, delayMs: number): Promise<string> {
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    near.pipe(far);
    far.on('data', (bytes) => setTimeout(() => near.write(bytes), delayMs));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.once('close', () => other.destroy());
    }
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('an aggregator that comes up late has the whole run', { skip }, async (t) => {
  const data = temporaryFolder(t);
  const port = await freePort();
  const { waiting, finish } = await podWith(t, `http://127.0.0.1:${port}`, 40);
  await sleep(2500);
  assert.ok(waiting().length > 0);
  await RealAggregator.start(t, data, port);
  await finish();

  assert.deepEqual(waiting(), []);
  await assertWhole(data, 40);
});

test('an aggregator that is killed again and again has the whole run, and nothing twice', {
  skip,
}, async (t) => {
  const data = temporaryFolder(t);
  let aggregator = await RealAggregator.start(t, data);
  const { port, url } = aggregator;
  const { waiting, finish } = await podWith(t, url, 60);
  for (let i = 0; i < 4; i++) {
    await sleep(1000);
    await aggregator.kill();
    aggregator = await RealAggregator.start(t, data, port);
  }
  await finish();

  assert.deepEqual(waiting(), []);
  await assertWhole(data, 60);
});

test('an aggregator that takes seconds to answer has the whole run', { skip }, async (t) => {
  const data = temporaryFolder(t);
  const { port } = await RealAggregator.start(t, data);
  const { waiting, finish } = await podWith(t, await slowWay(t, port, 2000), 40);
  await finish();

  assert.deepEqual(waiting(), []);
  await assertWhole(data, 40);
});

test('an agent whose spool is on a disk that is full says so and delivers the whole run', {
  skip,
}, async (t) => {
  const world = await PodWorld.start(t);
  const data = temporaryFolder(t);
  const port = await freePort();
  const spool = world.volume('spool');
  // It is a file system of the pod alone, and goes with it.
  world.run(['mount', '-t', 'tmpfs', '-o', 'size=64k,mode=777', 'podometer', spool]);
  const url = `http://127.0.0.1:${port}`;
  const agent = await launchAgent(world, identities.tracer, { PODOMETER_AGGREGATOR_URL: url });
  const listed = (): string => world.run(['ls', spool]);
  for (let i = 0; i < 250 && !listed().includes('started'); i++) await sleep(20);
  world.run(['sh', '-c', `cat /dev/zero > "${spool}/filler" 2>/dev/null; true`]);
  const target = await world.startContainer(writer(40));
  await sleep(2500);
  assert.equal(listed().includes('.new'), false);
  await RealAggregator.start(t, data, port);
  await target.ended;
  agent.signal('SIGTERM');
  assert.equal(await agent.ended, 0);

  assert.match(await agent.stderr, /the spool cannot be written: ENOSPC/);
  assert.deepEqual(listed().trim().split('\n'), ['filler', 'started']);
  await assertWhole(data, 40);
});
