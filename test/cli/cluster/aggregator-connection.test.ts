import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { AggregatorConnection } from '../../../cli/cluster/aggregator-connection.ts';
import { systemClock } from '../../../lib/clock.ts';
import { ApiAccess } from '../../../lib/cluster/api-access.ts';
import { sampleHistory } from '../sample-history.ts';
import { NAMESPACE, type NamespaceDouble, namespaceDouble } from './namespace.ts';

function connectionTo(t: TestContext, { api }: NamespaceDouble): AggregatorConnection {
  const connection = new AggregatorConnection({
    config: api.configure(new ApiAccess(systemClock)),
    namespace: NAMESPACE,
    clock: systemClock,
    token: { read: async () => 'editor-token' },
    kubectl: { env: {}, clusterArguments: [] },
  });
  t.after(() => connection.close());
  return connection;
}

test('one port-forward serves request after request, and a new one the pod that took its place', async (t) => {
  const double = await namespaceDouble(t, await sampleHistory(t, [{ n: 1 }]));
  const connection = connectionTo(t, double);
  const ask = async () => {
    const answer = await connection.send({ method: 'GET', path: '/v1/runs' });
    return [answer.statusCode, JSON.parse(await text(answer)).runs.length];
  };
  for (let i = 0; i < 3; i++) assert.deepEqual(await ask(), [200, 1]);
  assert.equal(double.forwards.opened, 1);
  await double.start();
  assert.deepEqual(await ask(), [200, 1]);
  assert.equal(double.forwards.opened, 2);
});

test('requests at once have a port-forward each, and find the aggregator once for all', async (t) => {
  const double = await namespaceDouble(t, await sampleHistory(t, [{ n: 1 }]));
  const connection = connectionTo(t, double);
  const asked = Array.from({ length: 6 }, async () => {
    const answer = await connection.send({ method: 'GET', path: '/v1/runs/train@1/export' });
    return (await text(answer)).length;
  });
  assert.equal(new Set(await Promise.all(asked)).size, 1);
  assert.equal(double.forwards.opened, 6);
  assert.equal(double.api.requests.filter((line) => line.includes('configmaps')).length, 1);
});

test('an answer is held back where it is not read, and whole in the end', async (t) => {
  const double = await namespaceDouble(t, await sampleHistory(t, [{ n: 1 }]));
  const page = Buffer.alloc(32 * 2 ** 20, 'x');
  await writeFile(join(double.pageFolder, 'large.txt'), page);
  await double.start();
  const connection = connectionTo(t, double);
  const answer = await connection.send({ method: 'GET', path: '/large.txt' });
  // As long as more comes, it may still be what fills the buffers on the way.
  for (let seen = -1; seen < double.forwards.sentBytes; ) {
    seen = double.forwards.sentBytes;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  assert.ok(double.forwards.sentBytes < page.length / 2, String(double.forwards.sentBytes));
  assert.equal((await buffer(answer)).compare(page), 0);
});
