import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLatest, readSeries, targets, temporaryFolder } from '../measured.ts';
import { identities, RealAggregator, startAgent } from './pod-agent.ts';
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
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
