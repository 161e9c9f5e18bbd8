import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TICKS_PER_BATCH } from '../../aggregator/store/sample-batches.ts';
import { countTo, pace, pushBatches, scene, valuesOf } from './faulty-aggregator.ts';

const GRACE_MS = 5000;

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(holds());
}

test('batches arrive in their order, and the spool is empty then', async (t) => {
  const { aggregator, agent, spool } = await scene(t);
  const sink = agent(1, { url: await aggregator.listen() });
  await pushBatches(sink, 0, 4);
  assert.equal(await sink.close(GRACE_MS), 'delivered');
  assert.deepEqual(valuesOf(aggregator.store), [countTo(5 * TICKS_PER_BATCH)]);
  assert.deepEqual(readdirSync(spool), []);
});

test('an aggregator that is not there yet gets everything once it is', async (t) => {
  const { aggregator, agent } = await scene(t);
  const url = await aggregator.listen();
  await aggregator.stop();
  const sink = agent(1, { url });
  await pushBatches(sink, 0, 2);
  assert.equal(aggregator.requests.length, 0);
  await aggregator.listen(Number(url.port));
  assert.equal(await sink.close(GRACE_MS), 'delivered');
  assert.deepEqual(valuesOf(aggregator.store), [countTo(3 * TICKS_PER_BATCH)]);
});

test('an answer that never came, an error and a cut connection are tried again, and nothing is counted twice', async (t) => {
  const { aggregator, agent } = await scene(t);
  const sink = agent(1, { url: await aggregator.listen() });
  aggregator.faults.push('cut', { status: 500 }, 'silent', 'cut-early', { status: 507 });
  await pushBatches(sink, 0, 2);
  assert.equal(await sink.close(GRACE_MS), 'delivered');
  assert.equal(aggregator.requests.length, 3 + 5);
  assert.deepEqual(valuesOf(aggregator.store), [countTo(3 * TICKS_PER_BATCH)]);
});

test('an aggregator that is slow, but does answer, gets each batch once', async (t) => {
  const { aggregator, agent } = await scene(t);
  const url = await aggregator.listen();
  const sink = agent(1, { url, pace: { ...pace, timeoutMs: 5000 } });
  aggregator.otherwise = () => 'slow';
  await pushBatches(sink, 0, 3);
  assert.equal(await sink.close(GRACE_MS), 'delivered');
  assert.equal(aggregator.requests.length, 4);
  assert.deepEqual(valuesOf(aggregator.store), [countTo(4 * TICKS_PER_BATCH)]);
});

test('an answer that came too late is no loss and no repetition', async (t) => {
  const { aggregator, agent } = await scene(t);
  const url = await aggregator.listen();
  const sink = agent(1, { url, pace: { ...pace, timeoutMs: 150 } });
  aggregator.faults.push('slow', 'slow');
  await pushBatches(sink, 0, 1);
  assert.equal(await sink.close(GRACE_MS), 'delivered');
  assert.ok(aggregator.requests.length >= 4);
  assert.deepEqual(valuesOf(aggregator.store), [countTo(2 * TICKS_PER_BATCH)]);
});

test('an aggregator that asks for time is given it', async (t) => {
  const { aggregator, agent } = await scene(t);
  const sink = agent(1, { url: await aggregator.listen() });
  aggregator.faults.push({ status: 429, retryAfter: '1' });
  await pushBatches(sink, 0, 0);
  await new Promise((resolve) => setTimeout(resolve, 1300));
  assert.equal(await sink.close(GRACE_MS), 'delivered');
  const [first, second] = aggregator.requests;
  assert.ok(Number(second?.atMs) - Number(first?.atMs) >= 990);
});

test('what the aggregator refuses for good is kept aside, and what follows arrives all the same', async (t) => {
  const { aggregator, agent, spool, logged } = await scene(t);
  const sink = agent(1, { url: await aggregator.listen() });
  aggregator.faults.push({ status: 413 });
  await pushBatches(sink, 0, 2);
  assert.equal(await sink.close(GRACE_MS), 'delivered');
  assert.deepEqual(valuesOf(aggregator.store), [countTo(3 * TICKS_PER_BATCH).slice(TICKS_PER_BATCH)]);
  assert.equal(readdirSync(join(spool, 'refused')).length, 1);
  assert.deepEqual(
    logged.filter((line) => /refused a batch.*413 PODO_TEST/.test(line)),
    logged,
  );
  const events = aggregator.store.directory('run-1').events ?? [];
  assert.ok(events.some((event) => /4 ticks are missing: 413/.test(event.message)));
});

test('a batch that is refused without its detail too is given up, and what follows arrives all the same', async (t) => {
  const { aggregator, agent, spool } = await scene(t);
  const sink = agent(1, { url: await aggregator.listen() });
  aggregator.faults.push({ status: 400 }, { status: 400 });
  await pushBatches(sink, 0, 1);
  assert.equal(await sink.close(GRACE_MS), 'delivered');
  // An empty one goes in its place: no batch is taken before its forerunner.
  assert.equal(aggregator.requests.length, 4);
  assert.equal(readdirSync(join(spool, 'refused')).length, 1);
  assert.deepEqual(valuesOf(aggregator.store), [countTo(2 * TICKS_PER_BATCH).slice(TICKS_PER_BATCH)]);
});

test('a batch that is given up when nothing waits behind it leaves no hole either', async (t) => {
  const { aggregator, agent } = await scene(t);
  const sink = agent(1, { url: await aggregator.listen() });
  aggregator.faults.push({ status: 400 }, { status: 400 });
  await pushBatches(sink, 0, 0);
  await until(() => aggregator.requests.length === 2);
  await pushBatches(sink, 1, 1);
  assert.equal(await sink.close(GRACE_MS), 'delivered');
  assert.deepEqual(valuesOf(aggregator.store), [countTo(2 * TICKS_PER_BATCH).slice(TICKS_PER_BATCH)]);
});

for (const status of [402, 404, 406, 410, 411, 418, 431, 451]) {
  test(`an answer of ${status} is final: the batch is not sent again as it is`, async (t) => {
    const { aggregator, agent, spool } = await scene(t);
    const sink = agent(1, { url: await aggregator.listen() });
    aggregator.faults.push({ status });
    await pushBatches(sink, 0, 0);
    assert.equal(await sink.close(GRACE_MS), 'delivered');
    assert.equal(aggregator.requests.length, 2);
    assert.equal(readdirSync(join(spool, 'refused')).length, 1);
  });
}

for (const status of [401, 403, 408, 425, 429, 503]) {
  test(`a batch that is answered ${status} is tried again`, async (t) => {
    const { aggregator, agent } = await scene(t);
    const sink = agent(1, { url: await aggregator.listen() });
    aggregator.faults.push({ status }, { status }, { status });
    await pushBatches(sink, 0, 0);
    assert.equal(await sink.close(GRACE_MS), 'delivered');
    assert.deepEqual(valuesOf(aggregator.store), [countTo(TICKS_PER_BATCH)]);
  });
}

test('a batch that is denied for too long is set aside, said once, and the next one has its turn', async (t) => {
  const { aggregator, agent, spool, logged } = await scene(t);
  const url = await aggregator.listen();
  const sink = agent(1, { url, pace: { ...pace, deniedMs: 150 } });
  aggregator.otherwise = () => (readdirSync(spool).includes('refused') ? undefined : { status: 403 });
  await pushBatches(sink, 0, 2);
  assert.equal(await sink.close(GRACE_MS), 'delivered');
  assert.ok(aggregator.requests.length > 6, String(aggregator.requests.length));
  assert.equal(logged.filter((line) => /refused a batch, which is kept aside: 403/.test(line)).length, 1);
  assert.deepEqual(valuesOf(aggregator.store), [countTo(3 * TICKS_PER_BATCH).slice(TICKS_PER_BATCH)]);
});

test('a time to wait that no timer can hold is not taken for none', async (t) => {
  const { aggregator, agent } = await scene(t);
  const sink = agent(1, { url: await aggregator.listen() });
  aggregator.faults.push({ status: 503, retryAfter: '3000000' });
  await pushBatches(sink, 0, 0);
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(aggregator.requests.length, 1);
  assert.equal(await sink.close(GRACE_MS), 'delivered');
});

test('once it is closed it tries again every half second, however long it waited before', async (t) => {
  const { aggregator, agent } = await scene(t);
  const url = await aggregator.listen();
  const sink = agent(1, { url, pace: { ...pace, firstMs: 60_000, mostMs: 60_000 } });
  aggregator.faults.push({ status: 500 }, { status: 500 }, { status: 500, retryAfter: '100' });
  await pushBatches(sink, 0, 0);
  await until(() => aggregator.requests.length === 1);
  const closedAtMs = performance.now();
  assert.equal(await sink.close(GRACE_MS), 'delivered');
  assert.equal(aggregator.requests.length, 4);
  assert.ok(performance.now() - closedAtMs < 3000);
});

test('what an agent could not deliver its successor delivers first', async (t) => {
  const { aggregator, agent, spool } = await scene(t);
  const first = agent(1);
  await pushBatches(first, 0, 1);
  assert.equal(await first.close(GRACE_MS), 'kept');
  assert.equal(readdirSync(spool).length, 2);
  const second = agent(2, { url: await aggregator.listen() });
  await pushBatches(second, 0, 0, 2);
  assert.equal(await second.close(GRACE_MS), 'delivered');
  const expected = [countTo(2 * TICKS_PER_BATCH), countTo(TICKS_PER_BATCH)];
  assert.deepEqual(valuesOf(aggregator.store), expected);
});

test('a grace period ends however the aggregator behaves, and the batches are kept', async (t) => {
  const { aggregator, agent, spool } = await scene(t);
  const url = await aggregator.listen();
  await aggregator.stop();
  const sink = agent(1, { url });
  await pushBatches(sink, 0, 0);
  assert.equal(await sink.close(50), 'kept');
  assert.equal(readdirSync(spool).length, 1);
});

test('what a full spool made one of is delivered in the place of all', async (t) => {
  const { aggregator, agent, spool } = await scene(t);
  const url = await aggregator.listen();
  await aggregator.stop();
  const first = agent(1, { url, spoolBytes: 64 * 1024 });
  await pushBatches(first, 0, 59);
  assert.ok(readdirSync(spool).length <= 16);
  assert.equal(await first.close(10), 'kept');
  await aggregator.listen(Number(url.port));
  const second = agent(2, { url, spoolBytes: 64 * 1024 });
  assert.equal(await second.close(GRACE_MS), 'delivered');
  assert.equal(aggregator.requests.length, 60);
  const [values = []] = valuesOf(aggregator.store);
  assert.deepEqual(values.slice(0, TICKS_PER_BATCH), countTo(TICKS_PER_BATCH));
  assert.equal(values.at(-1), 60 * TICKS_PER_BATCH - 1);
  const events = aggregator.store.directory('run-1').events ?? [];
  const dropped = events.reduce((sum, { value = 0 }) => sum + value, 0);
  assert.equal(dropped + values.length, 60 * TICKS_PER_BATCH);
});

test('a token is read anew once it was replaced or refused', async (t) => {
  const { aggregator, agent, folder } = await scene(t);
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'one\n');
  const sink = agent(1, { url: await aggregator.listen(), tokenFile });
  await pushBatches(sink, 0, 0);
  aggregator.faults.push({ status: 401 });
  writeFileSync(tokenFile, 'two\n');
  await pushBatches(sink, 1, 1);
  assert.equal(await sink.close(GRACE_MS), 'delivered');
  assert.equal(aggregator.requests.at(-1)?.authorization, 'Bearer two');
  assert.deepEqual(valuesOf(aggregator.store), [countTo(2 * TICKS_PER_BATCH)]);
});
