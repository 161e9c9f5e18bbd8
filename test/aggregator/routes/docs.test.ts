import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCatalogue } from '../../../protocol/errors.ts';
import { FakeStore } from '../fake-store.ts';
import { serve } from './serving.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const routes = [
  'get /v1/workloads',
  'get /v1/runs',
  'get /v1/runs/{id}',
  'patch /v1/runs/{id}',
  'delete /v1/runs/{id}',
  'get /v1/runs/{id}/processes',
  'get /v1/runs/{id}/series',
  'get /v1/runs/{id}/events',
  'get /v1/runs/{id}/findings',
  'get /v1/runs/{id}/phases',
  'get /v1/runs/{id}/wall-split',
  'get /v1/runs/{id}/deviations',
  'get /v1/runs/{id}/export',
  'get /v1/needs',
  'get /v1/backup',
  'get /v1/compare',
  'get /v1/compare/export',
  'post /v1/batches',
  'get /livez',
  'get /readyz',
  'get /metrics',
];

test('the OpenAPI document has every route, and a schema for all that it refers to', async () => {
  const app = await serve(new FakeStore());
  const response = await app.inject('/openapi.json');
  const document: Document = response.json();
  assert.match(document.openapi, /^3\.1/);
  const found = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  assert.deepEqual(found.toSorted(), routes.toSorted());
  const references = [...response.body.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
  assert.ok(references.length > 20);
  for (const [, name = ''] of references) assert.ok(document.components.schemas[name], name);
  assert.ok(document.components.schemas.Run && document.components.schemas.Problem);
});

test('the docs page tells every route and error, and runs no script', async () => {
  const app = await serve(new FakeStore());
  const response = await app.inject('/docs');
  assert.equal(response.headers['content-type'], 'text/html; charset=utf-8');
  assert.match(String(response.headers['content-security-policy']), /^default-src 'none'; style-src 'self';/);
  assert.doesNotMatch(response.body, /<script|https?:/);
  for (const route of routes) {
    const [method = '', path = ''] = route.split(' ');
    assert.ok(response.body.includes(`<code>${method.toUpperCase()} ${path}</code>`), route);
  }
  for (const code of Object.keys(errorCatalogue)) assert.ok(response.body.includes(`id="${code}"`), code);
  assert.equal((await app.inject('/docs.css')).headers['content-type'], 'text/css; charset=utf-8');
});

test('every link within the docs page leads to something on it', async () => {
  const { body } = await (await serve(new FakeStore())).inject('/docs');
  const targets = [...body.matchAll(/href="#([^"]+)"/g)].map(([, name]) => name);
  assert.ok(targets.length > 10);
  for (const name of targets) assert.ok(body.includes(`id="${name}"`), name);
});
