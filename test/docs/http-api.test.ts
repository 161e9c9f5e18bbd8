import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CompareQuery } from '../../protocol/comparison.ts';
import { NeedsQuery } from '../../protocol/needs.ts';
import { SeriesQuery } from '../../protocol/query.ts';
import { RunsQuery } from '../../protocol/run-list.ts';
import { FakeStore } from '../aggregator/fake-store.ts';
import { serve } from '../aggregator/routes/serving.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/http-api.md'), 'utf8');
/** Served and documented, but not part of the OpenAPI document. */
const apart = ['GET /openapi.json', 'GET /docs', 'GET /'];

test('docs/http-api.md has a section for each route of the API, and for no other', async () => {
  const document: { paths: Record<string, object> } = (
    await (await serve(new FakeStore())).inject('/openapi.json')
  ).json();
  const served = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const told = [...text.matchAll(/^### `(.+)`$/gm)].map(([, route]) => route);
  assert.deepEqual(told.toSorted(), [...served, ...apart].toSorted());
});

test('docs/http-api.md tells every field of the long queries', () => {
  for (const query of [RunsQuery, SeriesQuery, CompareQuery, NeedsQuery]) {
    for (const name of Object.keys(query.properties))
      assert.match(text, new RegExp(`^\\|.*\`${name}\`.*\\|`, 'm'));
  }
});
