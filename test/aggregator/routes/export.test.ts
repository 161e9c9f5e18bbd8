import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportFormats } from '../../../protocol/query.ts';
import { sampledStore } from './samples.ts';
import { assertRefused, serve } from './serving.ts';

test('a run is answered in each format with its type and a name for the file', async () => {
  const app = await serve(sampledStore());
  for (const format of exportFormats.filter((one) => one !== 'html')) {
    const response = await app.inject(`/v1/runs/train@1/export?format=${format}`);
    assert.equal(response.statusCode, 200, format);
    assert.match(
      String(response.headers['content-disposition']),
      /^attachment; filename="train@1\.[a-z.]+"$/,
    );
    assert.ok(response.rawPayload.length > 100, format);
  }
  const { headers, body } = await app.inject('/v1/runs/train@1/export?format=csv');
  assert.equal(headers['content-type'], 'text/csv; charset=utf-8');
  assert.match(body, /^time_ms,subject,key,pid,comm,/);
});

test('without a format it is JSON', async () => {
  const response = await (await serve(sampledStore())).inject('/v1/runs/train@1/export');
  assert.equal(response.json().run.ref, 'train@1');
});

test('an unknown format or run is refused, and HTML where there is no built page', async () => {
  const app = await serve(sampledStore());
  await assertRefused(app, '/v1/runs/train@1/export?format=xls', 'PODO_BAD_REQUEST', /"format" is "xls"/);
  await assertRefused(app, '/v1/runs/train@9/export', 'PODO_RUN_NOT_FOUND', /train@9/);
  await assertRefused(app, '/v1/runs/train@1/export?format=html', 'PODO_PAGE_NOT_BUILT', /not been built/);
});

test('characters that have a meaning in a header or a path are not in the name of the file', async () => {
  const store = sampledStore({ workload: { kind: 'Local', name: 'a/"b\r\n' } });
  const { id } = [...store.records.values()][0] ?? assert.fail();
  const { headers } = await (await serve(store)).inject(`/v1/runs/${encodeURIComponent(id)}/export`);
  assert.equal(headers['content-disposition'], 'attachment; filename="a__b__@1.json"');
});
