import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { SeriesRequest } from '../../../aggregator/store/model.ts';
import type { FakeStore } from '../fake-store.ts';
import { sampledStore } from './samples.ts';
import { listen, serve } from './serving.ts';

const addressFor = (points: number) => `/v1/runs/train@1/series?columns=rssBytes&points=${points}`;

/** Calls back whenever samples are read. */
function watched(store: FakeStore, read: () => void): FakeStore {
  const series = store.series.bind(store);
  store.series = (id: string, request: SeriesRequest) => {
    read();
    return series(id, request);
  };
  return store;
}

/** A connection of its own, as a browser has one for each request in flight. */
async function asker(t: TestContext, base: string) {
  const { hostname, port, host } = new URL(base);
  const socket = connect(Number(port), hostname);
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  const answer = once(socket, 'data');
  const ask = (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  return { ask, answer, hangUp: () => socket.destroy() };
}

test('nothing is read for one who has gone before it was his turn', async (t) => {
  let reads = 0;
  const store = watched(sampledStore(), () => {
    reads += 1;
    if (reads === 1) second.hangUp();
  });
  const base = await listen(t, await serve(store));
  const [first, second, third] = [await asker(t, base), await asker(t, base), await asker(t, base)];
  first.ask(addressFor(1));
  second.ask(addressFor(2));
  third.ask(addressFor(3));
  const answers = await Promise.all([first.answer, third.answer]);
  for (const [answer] of answers) assert.match(String(answer), /^HTTP\/1\.1 200 /);
  assert.equal(reads, 2);
});

test('who asks for little is answered between those who ask for much', async (t) => {
  const order: string[] = [];
  const store = watched(sampledStore(), () => {
    if (order.length === 0) probe.ask('/livez');
    order.push('read');
  });
  const base = await listen(t, await serve(store));
  const probe = await asker(t, base);
  const askers = await Promise.all(Array.from({ length: 20 }, () => asker(t, base)));
  void probe.answer.then(() => order.push('alive'));
  askers.forEach(({ ask }, i) => {
    ask(addressFor(i + 1));
  });
  await Promise.all(askers.map(({ answer }) => answer));
  assert.equal(order.filter((one) => one === 'read').length, askers.length);
  assert.ok(order.indexOf('alive') > 0);
  assert.equal(order.at(-1), 'read');
});
