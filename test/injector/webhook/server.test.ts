import assert from 'node:assert/strict';
import { connect as connectTcp } from 'node:net';
import { test } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { connect } from 'node:tls';
import { MOST_REVIEW_BYTES } from '../../../injector/webhook/server.ts';
import { systemClock } from '../../../lib/clock.ts';
import { pod, review } from './sample-review.ts';
import { authority, client, serve } from './serving.ts';

test('a review is answered with its uid and the patch in base64', async (t) => {
  const { post } = await serve(t);
  const { status, body, headers } = await post(review({ uid: 'abc' }));
  assert.equal(status, 200);
  assert.match(String(headers['content-type']), /^application\/json/);
  const { response, ...rest } = JSON.parse(body);
  assert.deepEqual(rest, { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' });
  assert.deepEqual(JSON.parse(Buffer.from(response.patch, 'base64').toString()), [
    { op: 'add', path: '/spec/shareProcessNamespace', value: true },
  ]);
  assert.deepEqual(response, { uid: 'abc', allowed: true, patchType: 'JSONPatch', patch: response.patch });
});

test('200 requests at once, over as many connections, are each answered with their own uid', async (t) => {
  const { post } = await serve(t);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => post(review({ uid: `u${index}` }))),
  );
  assert.deepEqual(
    answers.map(({ body }) => JSON.parse(body).response.uid),
    answers.map((_, index) => `u${index}`),
  );
});

test('a body of 3 MB is taken', async (t) => {
  const { post } = await serve(t);
  const annotations = { big: 'x'.repeat(3 * 2 ** 20) };
  const { status } = await post(review({ object: { ...pod, metadata: { ...pod.metadata, annotations } } }));
  assert.equal(status, 200);
});

test('a body above the limit is refused with 413 while it is still being sent, and the connection goes on', async (t) => {
  const { post, agent } = await serve(t);
  const one = client({ maxSockets: 1 });
  t.after(() => one.destroy());
  for (const bytes of [MOST_REVIEW_BYTES + 1, 16 * 2 ** 20]) {
    const { status, body, headers } = await post(Buffer.alloc(bytes, 0x20), { agent: one });
    assert.equal(status, 413);
    assert.notEqual(headers.connection, 'close');
    assert.match(body, /The body is larger than 4194304 bytes \[PODO_BODY_TOO_LARGE\]/);
  }
  assert.equal((await post(review(), { agent: one })).status, 200);
  assert.equal(Object.values(agent.sockets).length, 0);
});

test('what is no JSON, no review or not said to be JSON is refused with a reason', async (t) => {
  const { post } = await serve(t);
  const cases: [string, string, number, RegExp][] = [
    ['{', 'application/json', 400, /The body is not JSON: .*\[PODO_BAD_REQUEST\]/],
    ['', 'application/json', 400, /PODO_BAD_REQUEST/],
    ['{}', 'application/json', 400, /The body must have required properties/],
    [review().replace('/v1"', '/v1beta1"'), 'application/json', 400, /apiVersion must be equal to constant/],
    [review({ uid: '' }), 'application/json', 400, /request\.uid/],
    [review(), 'application/yaml', 415, /The content type "application\/yaml" is not taken/],
    [review(), '', 415, /PODO_UNSUPPORTED_MEDIA_TYPE/],
  ];
  for (const [body, contentType, expected, reason] of cases) {
    const answer = await post(body, { contentType });
    assert.equal(answer.status, expected, `${contentType} ${body}`);
    assert.match(answer.body, reason);
  }
  assert.equal((await post(review(), { contentType: 'application/json; charset=utf-8' })).status, 200);
});

test('a client that is too slow is cut off, while others are answered', async (t) => {
  const { port, post } = await serve(t, { slowestRequestMs: 300 });
  const slow = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.ca });
  const answer = slow.toArray();
  slow.write(
    'POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{',
  );
  assert.equal((await post(review())).status, 200);
  assert.match(Buffer.concat(await answer).toString(), /^HTTP\/1\.1 408 /);
  assert.equal((await post(review())).status, 200);
});

test("the time to decide is the API server's own, less what the request took to arrive and what the answer needs", async (t) => {
  const left = Promise.withResolvers<number>();
  const { port } = await serve(t, {
    facts: {
      gather: async (_request, deadlineMs) => {
        left.resolve(deadlineMs - systemClock.monotonicMs());
        return undefined;
      },
    },
  });
  const body = review();
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.ca });
  t.after(() => socket.destroy());
  socket.write(
    `POST /mutate?timeout=1s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n{`,
  );
  await after(200);
  socket.write(body.slice(1));
  const leftMs = await left.promise;
  assert.ok(leftMs < 650 && leftMs > 0, `${leftMs} ms`);
});

test('connections that are cut anywhere harm nobody else', async (t) => {
  const { port, post, logged } = await serve(t);
  const head = `POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n`;
  for (const sent of ['', 'POST /mut', head, `${head}{"kind":`]) {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.ca });
    await new Promise((resolve) => socket.write(sent === '' ? 'P' : sent, resolve));
    socket.destroy();
  }
  const plain = connectTcp(port, '127.0.0.1');
  plain.end('GET / HTTP/1.1\r\n\r\n');
  plain.resume();
  await new Promise((resolve) => plain.once('close', resolve));
  assert.equal((await post(review())).status, 200);
  assert.deepEqual(logged, []);
});

test('TLS below 1.2 is refused', async (t) => {
  const { port } = await serve(t);
  const old = connect({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: authority.ca,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  const [error] = await new Promise<Error[]>((resolve) => old.once('error', (...args) => resolve(args)));
  assert.match(String(error), /protocol version|unsupported protocol/i);
});

test('closing lets requests in flight be answered, and takes no new ones', async (t) => {
  const held = Promise.withResolvers<undefined>();
  let asked = 0;
  const served = await serve(t, {
    facts: {
      gather: () => {
        asked += 1;
        return held.promise;
      },
    },
  });
  const answers = Array.from({ length: 20 }, () => served.post(review()));
  while (asked < 20) await after(5);
  const closed = served.server.close(0, 10_000);
  await after(50);
  await assert.rejects(served.post(review(), { agent: client() }), /ECONNREFUSED/);
  held.resolve(undefined);
  for (const { status, headers } of await Promise.all(answers)) {
    assert.equal(status, 200);
    assert.equal(headers.connection, 'close');
  }
  await closed;
});

test('closing waits no longer than it was told to', async (t) => {
  const { server, post } = await serve(t, { facts: { gather: () => new Promise(() => {}) } });
  const cut = assert.rejects(post(review()), /socket hang up|ECONNRESET/);
  await after(50);
  await server.close(0, 50);
  await cut;
});

test('readiness tells what is missing, and liveness does not care', async (t) => {
  let missing = ['no certificate', 'limitranges are not known yet'];
  const { get } = await serve(t, { missing: () => missing });
  const before = await get('/readyz');
  assert.equal(before.status, 503);
  assert.equal(before.body, 'not ready: no certificate; limitranges are not known yet\n');
  assert.equal((await get('/livez')).status, 200);
  missing = [];
  assert.equal((await get('/readyz')).body, 'ok\n');
  const nowhere = await get('/nowhere');
  assert.equal(nowhere.status, 404);
  assert.match(nowhere.body, /There is nothing at GET \/nowhere \[PODO_NOT_FOUND\]/);
});
