import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PodometerError } from '../../../protocol/errors.ts';
import { FakeStore } from '../fake-store.ts';
import { assertRefused, serve } from './serving.ts';

function failingWith(error: Error): FakeStore {
  const store = new FakeStore();
  store.runs = () => {
    throw error;
  };
  return store;
}

test('an unknown address is named with its method and without its query', async () => {
  const app = await serve(new FakeStore());
  await assertRefused(app, '/v2/runs?token=secret', 'PODO_NOT_FOUND', /^There is nothing at GET \/v2\/runs$/);
  await assertRefused(app, { method: 'PUT', url: '/v1/runs' }, 'PODO_NOT_FOUND', /PUT \/v1\/runs/);
});

test('an address that cannot be decoded is a bad request', async () => {
  const app = await serve(new FakeStore());
  await assertRefused(app, '/v1/runs/%zz', 'PODO_BAD_REQUEST', /%zz/);
});

test('an expected failure is told with its code and mend', async () => {
  const full = new PodometerError('PODO_STORE_FULL', 'The disk is full', 'Free some space.');
  const response = await (await serve(failingWith(full))).inject('/v1/runs');
  assert.deepEqual(response.json(), {
    type: '/docs#PODO_STORE_FULL',
    title: 'The disk of the data folder is full',
    status: 507,
    detail: 'The disk is full',
    code: 'PODO_STORE_FULL',
    mend: 'Free some space.',
  });
});

test('nothing of an unexpected failure leaves the server', async () => {
  for (const error of [
    new TypeError('secret of x'),
    new PodometerError('PODO_INTERNAL', 'secret', 'secret'),
  ]) {
    const response = await (await serve(failingWith(error))).inject('/v1/runs');
    assert.equal(response.json().code, 'PODO_INTERNAL');
    assert.doesNotMatch(response.body, /secret|\.ts|at /);
  }
});
