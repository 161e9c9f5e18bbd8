/** The server over a real store: what an agent sends is what a reader finds. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { App } from '../../aggregator/routes/context.ts';
import { buildServer } from '../../aggregator/server.ts';
import type { Store } from '../../aggregator/store/model.ts';
import { openStore } from '../../aggregator/store/open.ts';
import { BatchAcknowledgement, ProcessesPage, RunView, SeriesAnswer } from '../../protocol/query.ts';
import { START_MS } from './fake-store.ts';
import { AGENT, oneSecond, post, RUN } from './routes/sent-batch.ts';
import { answered, assertRefused } from './routes/serving.ts';

interface Served {
  readonly app: App;
  readonly store: Store;
  /** Sets the clock, ms since the Unix epoch. */
  at(wallMs: number): void;
}

async function served(t: TestContext): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-server-'));
  let now = START_MS;
  const clock = { monotonicMs: () => 0, wallMs: () => now };
  const store = await openStore(folder, { clock });
  const app = await buildServer({ store, clock });
  t.after(async () => {
    await app.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return {
    app,
    store,
    at: (wallMs) => {
      now = wallMs;
    },
  };
}

const { outcome, ends, ...goingOn } = oneSecond();
const firstBatch = { ...goingOn, ends: [] };
const read = async (app: App, url: string) => answered(RunView, await app.inject(url)) as RunView;

test('a batch that was acknowledged is a run with its figures, processes and series', async (t) => {
  const { app } = await served(t);
  const acknowledged = answered(BatchAcknowledgement, await app.inject(post(oneSecond())));
  assert.deepEqual(acknowledged, { agent: AGENT, sequence: 0, duplicate: false });

  const run = await read(app, '/v1/runs/train@1');
  assert.deepEqual(
    [run.id, run.state, run.measures],
    [RUN, 'finished', { wallSeconds: 1, cpuUserSeconds: 0.5 }],
  );
  assert.deepEqual(run.members, [{ name: 'box', agent: AGENT }]);

  const url = `/v1/runs/${RUN}`;
  const { processes } = answered(ProcessesPage, await app.inject(`${url}/processes`)) as ProcessesPage;
  assert.deepEqual(
    processes.map((one) => [one.key, one.comm, one.cpuUserSeconds, one.endMs, one.exitCode, one.samples]),
    [['0.0', 'train', 0.5, 1000, 0, 2]],
  );
  const query = 'columns=utimeTicks&points=2';
  const { lines } = answered(SeriesAnswer, await app.inject(`${url}/series?${query}`)) as SeriesAnswer;
  assert.deepEqual(lines[0]?.mean, [0.4, 0.6]);
});

test('a batch that is sent again is acknowledged as a duplicate and changes nothing', async (t) => {
  const { app } = await served(t);
  await app.inject(post(oneSecond()));
  const before = await read(app, '/v1/runs/train@1');
  const again = answered(BatchAcknowledgement, await app.inject(post(oneSecond())));
  assert.deepEqual(again, { agent: AGENT, sequence: 0, duplicate: true });
  assert.deepEqual(await read(app, '/v1/runs/train@1'), before);
});

test('a batch without the one before it is refused', async (t) => {
  const { app } = await served(t);
  await app.inject(post(firstBatch));
  await assertRefused(app, post({ ...oneSecond(), sequence: 2 }), 'PODO_BATCH_OUT_OF_ORDER', /2/);
});

test('a run goes on until its agent says otherwise, or falls silent', async (t) => {
  const { app, at } = await served(t);
  await app.inject(post(firstBatch));
  assert.equal((await read(app, '/v1/runs/train@1')).state, 'running');
  await assertRefused(app, { method: 'DELETE', url: '/v1/runs/train@1' }, 'PODO_RUN_RUNNING', /train@1/);
  at(START_MS + 3_600_000);
  assert.equal((await read(app, '/v1/runs/train@1')).state, 'interrupted');
});

test('a sealed run answers the same as before, with a tag', async (t) => {
  const { app, store } = await served(t);
  await app.inject(post(oneSecond()));
  const urls = [`/v1/runs/${RUN}/processes`, `/v1/runs/${RUN}/series?columns=utimeTicks&points=4`];
  const before = await Promise.all(urls.map((url) => app.inject(url)));
  await store.seal(RUN);
  for (const [i, url] of urls.entries()) {
    const after = await app.inject(url);
    assert.equal(after.body, before[i]?.body);
    assert.equal(before[i]?.headers.etag, undefined);
    const headers = { 'if-none-match': String(after.headers.etag) };
    assert.equal((await app.inject({ url, headers })).statusCode, 304);
  }
});

test('what was patched and deleted stays so in the store', async (t) => {
  const { app, store } = await served(t);
  await app.inject(post(oneSecond()));
  const patch = {
    method: 'PATCH',
    url: '/v1/runs/train@1',
    payload: { note: 'kept', tags: { a: 'b' } },
  } as const;
  await app.inject(patch);
  assert.deepEqual([store.run(RUN)?.note, store.run(RUN)?.tags], ['kept', { a: 'b' }]);
  assert.equal((await app.inject({ method: 'DELETE', url: '/v1/runs/train@1' })).statusCode, 204);
  await assertRefused(app, `/v1/runs/${RUN}`, 'PODO_RUN_NOT_FOUND', new RegExp(RUN));
});
