import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { FakeStore } from '../fake-store.ts';
import { assertRefused, serve } from './serving.ts';

function builtPage(t: TestContext): string {
  const outer = mkdtempSync(join(tmpdir(), 'podometer-page-'));
  t.after(() => rmSync(outer, { recursive: true }));
  const folder = join(outer, 'page');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(outer, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Podometer</title>');
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets', 'main-abc123.js'), 'export {};');
  return folder;
}

test('the page is served under a policy that lets nothing in from elsewhere', async (t) => {
  const app = await serve(new FakeStore(), { pageFolder: builtPage(t) });
  const response = await app.inject('/');
  assert.equal(response.body, '<!doctype html><title>Podometer</title>');
  assert.equal(response.headers['content-type'], 'text/html; charset=utf-8');
  const policy = String(response.headers['content-security-policy']);
  assert.match(policy, /^default-src 'self';/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  assert.equal(response.headers['x-content-type-options'], 'nosniff');
});

test('files with a hash in their name may be kept for ever, others are asked for again', async (t) => {
  const app = await serve(new FakeStore(), { pageFolder: builtPage(t) });
  const script = await app.inject('/assets/main-abc123.js');
  assert.equal(script.headers['content-type'], 'text/javascript; charset=utf-8');
  assert.match(String(script.headers['cache-control']), /immutable/);
  assert.equal((await app.inject('/favicon.svg')).headers['content-type'], 'image/svg+xml');
  const index = await app.inject('/');
  assert.equal(index.headers['cache-control'], 'private, no-cache');
  const headers = { 'if-none-match': String(index.headers.etag) };
  assert.equal((await app.inject({ url: '/', headers })).statusCode, 304);
});

test('nothing beside the files of the page can be had', async (t) => {
  const app = await serve(new FakeStore(), { pageFolder: builtPage(t) });
  for (const url of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/',
    '/index',
  ]) {
    await assertRefused(app, url, 'PODO_NOT_FOUND', /./);
  }
});

test('a page that has not been built is said, and the API is served without it', async () => {
  for (const change of [{}, { pageFolder: '/nowhere/page' }]) {
    const app = await serve(new FakeStore(), change);
    await assertRefused(app, '/', 'PODO_PAGE_NOT_BUILT', /not been built/);
    assert.equal((await app.inject('/v1/runs')).statusCode, 200);
  }
});
