import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localAccess } from '../../../aggregator/access/local-access.ts';
import { PodometerError } from '../../../protocol/errors.ts';
import { FakeStore } from '../fake-store.ts';
import { assertRefused, serve } from './serving.ts';

test('the probes are answered without a token and whatever the Host header says', async () => {
  const app = await serve(new FakeStore(), { access: localAccess({ token: 'secret' }) });
  for (const url of ['/livez', '/readyz']) {
    const response = await app.inject({ url, headers: { host: '10.0.0.9:7463' } });
    assert.deepEqual([response.statusCode, response.body], [200, 'ok\n']);
  }
});

test('a server whose store cannot be read lives and is not ready', async () => {
  const store = new FakeStore();
  store.run = () => {
    throw new PodometerError('PODO_STORE_CORRUPT', 'The store is damaged', 'Restore it.');
  };
  const app = await serve(store);
  assert.equal((await app.inject('/livez')).statusCode, 200);
  await assertRefused(app, '/readyz', 'PODO_STORE_CORRUPT', /damaged/);
});
