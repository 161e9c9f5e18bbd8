import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProcessesPage } from '../../../protocol/query.ts';
import { sampledStore } from './samples.ts';
import { answered, serve } from './serving.ts';

const URL = '/v1/runs/train@1/processes';

test('GET /v1/runs/{id}/processes answers every process with what it used', async () => {
  const app = await serve(sampledStore());
  const { processes } = answered(ProcessesPage, await app.inject(URL)) as ProcessesPage;
  assert.deepEqual(
    processes.map((one) => [one.key, one.parent, one.comm, one.cpuUserSeconds, one.peakRssBytes]),
    [
      ['0.0', undefined, 'sh', 1, undefined],
      ['0.1', '0.0', 'gzip', undefined, 8192],
    ],
  );
});

test('a client that has the answer of a sealed run is told so, and nothing is read for it', async () => {
  const store = sampledStore();
  const app = await serve(store);
  const { etag } = (await app.inject(URL)).headers;
  assert.match(String(etag), /^W\/".+"$/);
  store.requests.length = 0;
  const again = await app.inject({ url: URL, headers: { 'if-none-match': `"other", ${etag}` } });
  assert.deepEqual([again.statusCode, again.body, again.headers.etag], [304, '', etag]);
  assert.deepEqual(store.requests, []);
  assert.equal((await app.inject({ url: URL, headers: { 'if-none-match': '"other"' } })).statusCode, 200);
});

test('the answer of a run that is not sealed is never taken from a copy', async () => {
  const app = await serve(sampledStore({ sealed: false }));
  const response = await app.inject(URL);
  assert.equal(response.headers.etag, undefined);
  assert.equal(response.headers['cache-control'], 'no-store');
});
