import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { deflater } from '../../../lib/deflater.ts';
import { encodeBatch } from '../../../protocol/codec/batch-encode.ts';
import { MOST_BATCH_BYTES } from '../../../protocol/codec/batch-format.ts';
import { BATCH_CONTENT_TYPE } from '../../../protocol/names.ts';
import { BatchAcknowledgement } from '../../../protocol/query.ts';
import { FakeStore } from '../fake-store.ts';
import { AGENT, oneSecond, post } from './sent-batch.ts';
import { answered, assertRefused, listen, serve } from './serving.ts';

test('POST /v1/batches keeps the bytes as they are and acknowledges them', async () => {
  const store = new FakeStore();
  const app = await serve(store);
  const answer = answered(BatchAcknowledgement, await app.inject(post(oneSecond())));
  assert.deepEqual(answer, { agent: AGENT, sequence: 0, duplicate: false });
  const [kept] = store.appended;
  assert.deepEqual(Buffer.from(kept ?? []), Buffer.from(encodeBatch(oneSecond(), deflater)));
});

test('POST /v1/batches refuses what is not a batch', async () => {
  const store = new FakeStore();
  const app = await serve(store);
  await assertRefused(app, post(Buffer.from('PODB')), 'PODO_BATCH_MALFORMED', /./);
  await assertRefused(
    app,
    post(encodeBatch(oneSecond(), deflater).slice(0, -1)),
    'PODO_BATCH_MALFORMED',
    /./,
  );
  await assertRefused(app, { method: 'POST', url: '/v1/batches' }, 'PODO_BATCH_MALFORMED', /no body/);
  assert.deepEqual(store.appended, []);
});

test('POST /v1/batches takes no other content type', async () => {
  const app = await serve(new FakeStore());
  const headers = { 'content-type': 'application/json' };
  const asJson = { method: 'POST', url: '/v1/batches', headers, payload: '{}' } as const;
  await assertRefused(app, asJson, 'PODO_UNSUPPORTED_MEDIA_TYPE', /"application\/json"/);
});

/** Sends this many bytes, in pieces, and answers the response, which may come before all were sent. */
async function send(
  address: string,
  bytes: number,
  headers: Record<string, number>,
): Promise<IncomingMessage> {
  const sending = request(`${address}/v1/batches`, {
    method: 'POST',
    headers: { 'content-type': BATCH_CONTENT_TYPE, ...headers },
  });
  sending.on('error', () => {});
  const answer = once(sending, 'response') as Promise<[IncomingMessage]>;
  sending.end(Buffer.alloc(bytes));
  return (await answer)[0];
}

test('a body above the limit is refused whether or not its length is declared', async (t) => {
  const address = await listen(t, await serve(new FakeStore()));
  const declared = { 'content-length': MOST_BATCH_BYTES + 1 };
  for (const headers of [declared, {}]) {
    const response = await send(address, MOST_BATCH_BYTES + 1, headers);
    const problem = JSON.parse(await text(response));
    assert.deepEqual([response.statusCode, problem.code], [413, 'PODO_BATCH_TOO_LARGE']);
    assert.match(problem.detail, /8388608 bytes/);
  }
});

test('a body at the limit is read whole', async (t) => {
  const address = await listen(t, await serve(new FakeStore()));
  const response = await send(address, MOST_BATCH_BYTES, {});
  const problem = JSON.parse(await text(response));
  assert.equal(problem.code, 'PODO_BATCH_MALFORMED');
});

test('beyond the bytes in flight, batches are refused for a moment; answered ones make room', async () => {
  const store = new FakeStore();
  const { promise: written, resolve: write } = Promise.withResolvers<void>();
  const append = store.append.bind(store);
  store.append = async (...args) => {
    await written;
    return append(...args);
  };
  const app = await serve(store, { mostBytesInFlight: 100 });
  const first = app.inject(post(oneSecond()));
  await new Promise((resolve) => setImmediate(resolve));
  const refused = await app.inject(post(oneSecond()));
  assert.equal(refused.statusCode, 429);
  assert.equal(refused.json().code, 'PODO_BUSY');
  assert.equal(refused.headers['retry-after'], '1');
  write();
  assert.equal((await first).statusCode, 200);
  assert.equal((await app.inject(post(oneSecond()))).statusCode, 200);
});

test('a client that goes away in the middle of its batch holds no room', async (t) => {
  const app = await serve(new FakeStore(), { mostBytesInFlight: 1000 });
  const address = await listen(t, app);
  const headers = { 'content-type': BATCH_CONTENT_TYPE, 'content-length': 5000 };
  const gone = request(`${address}/v1/batches`, { method: 'POST', headers });
  gone.on('error', () => {});
  gone.write('PODB');
  const inFlight = async () => (await app.inject('/metrics')).body.match(/in_flight_bytes (\d+)/)?.[1];
  while ((await inFlight()) !== '5000') await new Promise((resolve) => setTimeout(resolve, 5));
  gone.destroy();
  while ((await inFlight()) !== '0') await new Promise((resolve) => setTimeout(resolve, 5));
});
