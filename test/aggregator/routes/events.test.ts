import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunEventsPage } from '../../../protocol/query.ts';
import { FakeStore, member, openMember, run } from '../fake-store.ts';
import { sampledStore } from './samples.ts';
import { answered, assertProblem, listen, serve } from './serving.ts';

const URL = '/v1/runs/train@1/events';
const STREAM = { accept: 'text/event-stream' };

interface Told {
  readonly event: string;
  readonly data: { readonly state?: string; readonly note?: string };
}

/** The events of a stream as they come, without comments. */
async function* follow(response: Response): AsyncGenerator<Told> {
  assert.ok(response.body);
  let text = '';
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const parts = (text + piece).split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(part) ?? [];
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) };
    }
  }
}

async function next(events: AsyncGenerator<Told>): Promise<Told> {
  const { value, done } = await events.next();
  assert.ok(!done, 'the stream has ended');
  return value;
}

test('GET /v1/runs/{id}/events answers what happened in the run', async () => {
  const app = await serve(sampledStore());
  const { events } = answered(RunEventsPage, await app.inject(URL)) as RunEventsPage;
  assert.deepEqual(events, [{ atMs: 400, kind: 'gap', value: 3, message: '3 ticks were missed' }]);
});

test('a run is followed while it goes on, and told to have ended', { timeout: 10_000 }, async (t) => {
  const store = new FakeStore(run(1, { members: [openMember()] }));
  const address = await listen(t, await serve(store, { followMs: 5 }));
  const response = await fetch(address + URL, { headers: STREAM });
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  const events = follow(response);
  const first = await next(events);
  assert.deepEqual([first.event, first.data.state], ['run', 'running']);
  assert.equal((await next(events)).event, 'samples');

  store.put(run(1, { members: [openMember({ lastSequence: 1 })] }));
  assert.equal((await next(events)).event, 'samples');

  store.put(run(1, { members: [openMember({ lastSequence: 1 })], note: 'now' }));
  const changed = await next(events);
  assert.deepEqual([changed.event, changed.data.note], ['run', 'now']);

  store.put(run(1, { members: [member({ lastSequence: 2 })] }));
  const last = await next(events);
  assert.deepEqual([last.event, last.data.state], ['run', 'finished']);
  assert.deepEqual([(await next(events)).event, (await next(events)).event], ['samples', 'end']);
  assert.ok((await events.next()).done);
});

test('the stream of a run that was deleted ends', { timeout: 10_000 }, async (t) => {
  const store = new FakeStore(run(1, { members: [openMember()] }));
  const address = await listen(t, await serve(store, { followMs: 5 }));
  const events = follow(await fetch(address + URL, { headers: STREAM }));
  await next(events);
  await next(events);
  await store.remove('run-train-0001');
  assert.equal((await next(events)).event, 'end');
  assert.ok((await events.next()).done);
});

test('a run that has ended is told as such at once', { timeout: 10_000 }, async (t) => {
  const address = await listen(t, await serve(sampledStore()));
  const events = follow(await fetch(address + URL, { headers: STREAM }));
  assert.deepEqual(
    [(await next(events)).event, (await next(events)).event, (await next(events)).event],
    ['run', 'samples', 'end'],
  );
});

test('a store that fails ends the stream without an end of the run, and not the server', {
  timeout: 10_000,
}, async (t) => {
  const store = new FakeStore(run(1, { members: [openMember()] }));
  const address = await listen(t, await serve(store, { followMs: 5 }));
  const events = follow(await fetch(address + URL, { headers: STREAM }));
  await next(events);
  await next(events);
  store.run = () => {
    throw new Error('gone');
  };
  assert.ok((await events.next()).done);
  assert.equal((await fetch(`${address}/livez`)).status, 200);
});

test('the server can close while runs are followed', { timeout: 10_000 }, async () => {
  const app = await serve(new FakeStore(run(1, { members: [openMember()] })), { followMs: 5 });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  const events = follow(await fetch(address + URL, { headers: STREAM }));
  await next(events);
  await app.close();
  for await (const { event } of events) assert.notEqual(event, 'end');
});

test('an unknown run is refused before a stream begins', async () => {
  const app = await serve(new FakeStore());
  assertProblem(await app.inject({ url: URL, headers: STREAM }), 'PODO_RUN_NOT_FOUND', /"train@1"/);
});
