import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { test } from 'node:test';
import { localAccess } from '../../../aggregator/access/local-access.ts';
import { FakeStore } from '../fake-store.ts';
import { assertRefused, listen, serve } from '../routes/serving.ts';

const token = 'a-secret/with=signs';
const guarded = () => serve(new FakeStore(), { access: localAccess({ token }) });
const runs = { url: '/v1/runs' };

test('without a token nothing is told, be there anything at the address or not', async () => {
  const app = await guarded();
  for (const url of [
    '/v1/runs',
    '/',
    '/docs',
    '/metrics',
    '/openapi.json',
    '/nothing',
    '/v1/runs/x/events',
  ]) {
    await assertRefused(app, url, 'PODO_UNAUTHORIZED', /token/);
  }
});

test('the token is taken as a bearer', async () => {
  const app = await guarded();
  const response = await app.inject({ ...runs, headers: { authorization: `Bearer ${token}` } });
  assert.equal(response.statusCode, 200);
});

test('a wrong token is refused wherever it stands', async () => {
  const app = await guarded();
  for (const headers of [
    { authorization: 'Bearer wrong' },
    { authorization: 'Bearer ' },
    { authorization: token },
    { cookie: `podometer=${token}` },
  ]) {
    await assertRefused(app, { ...runs, headers }, 'PODO_UNAUTHORIZED', /token/);
  }
  await assertRefused(app, '/v1/runs?token=wrong', 'PODO_UNAUTHORIZED', /token/);
});

test('a browser brings the token once in the address and has it as a cookie from then on', async () => {
  const app = await guarded();
  const first = await app.inject(`/v1/runs?limit=5&token=${encodeURIComponent(token)}`);
  assert.equal(first.statusCode, 303);
  assert.equal(first.headers.location, '/v1/runs?limit=5');
  assert.equal(first.headers['referrer-policy'], 'no-referrer');
  const [cookie = '', ...attributes] = String(first.headers['set-cookie']).split('; ');
  assert.deepEqual(attributes, ['Path=/', 'HttpOnly', 'SameSite=Strict']);
  const second = await app.inject({ ...runs, headers: { cookie: `other=1; ${cookie}` } });
  assert.equal(second.statusCode, 200);
});

test('the address after the token never leads to another server', async (t) => {
  const { port } = new URL(await listen(t, await guarded()));
  for (const path of ['//evil.example/x', '/\\\\evil.example/x', '//', 'http://evil.example//x']) {
    const asking = request({ host: '127.0.0.1', port, path: `${path}?token=${encodeURIComponent(token)}` });
    const [response] = (await once(asking.end(), 'response')) as [IncomingMessage];
    assert.equal(response.statusCode, 303, path);
    assert.match(String(response.headers.location), /^\/([^/\\]|$)/, path);
    response.resume();
  }
});

test('two servers on one host have cookies of different names', async () => {
  const nameOf = async (other: string) => {
    const app = await serve(new FakeStore(), { access: localAccess({ token: other }) });
    return String((await app.inject(`/?token=${other}`)).headers['set-cookie']).split('=')[0];
  };
  assert.notEqual(await nameOf('one'), await nameOf('two'));
});

test('a wrong value of the right cookie is refused', async () => {
  const app = await guarded();
  const first = await app.inject(`/?token=${encodeURIComponent(token)}`);
  const name = String(first.headers['set-cookie']).split('=')[0];
  for (const value of ['', 'wrong', '%zz', token]) {
    const headers = { cookie: `${name}=${value}` };
    await assertRefused(app, { ...runs, headers }, 'PODO_UNAUTHORIZED', /token/);
  }
});

test('a request that names another host is refused, even with the token', async () => {
  const app = await guarded();
  for (const host of [
    'evil.example',
    'localhost.evil.example:7463',
    '127.0.0.1.evil.example',
    'evil.example:80',
  ]) {
    const headers = { host, authorization: `Bearer ${token}` };
    await assertRefused(app, { ...runs, headers }, 'PODO_FORBIDDEN_HOST', new RegExp(`"${host}"`));
  }
});

test('the loopback names and those that were allowed are answered, on any port', async () => {
  const app = await serve(new FakeStore(), {
    access: localAccess({ token: undefined, allowedHosts: ['Box.local'] }),
  });
  for (const host of ['localhost:7463', '127.0.0.1:9', '[::1]:7463', 'LOCALHOST', 'box.local:7463']) {
    const response = await app.inject({ ...runs, headers: { host } });
    assert.equal(response.statusCode, 200, host);
  }
});
