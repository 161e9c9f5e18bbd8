import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { admitPod } from '../../../injector/inject/admit.ts';
import { settings } from '../inject/injection-case.ts';
import { bodyFuzzer } from './body-fuzzer.ts';
import { pipeline } from './pipeline.ts';
import { pod, review } from './sample-review.ts';
import { authority, serve } from './serving.ts';

const BODIES = 100_000;
const CONNECTIONS = 5;
const AT_ONCE = 10;

const samples = [
  review(),
  review({ dryRun: true }),
  review({
    object: {
      ...pod,
      metadata: {
        ...pod.metadata,
        annotations: { 'podometer.dev/interval': '5s' },
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7d4b9', uid: 'u', controller: true },
        ],
      },
    },
  }),
];

test(`each of ${BODIES} spoilt bodies is admitted or refused with a reason, and nothing else happens`, async (t) => {
  const { port, post, logged } = await serve(t, { policy: (request) => admitPod({ ...request, settings }) });
  const counts = new Map<number, number>();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, index) => {
      const nextBody = bodyFuzzer(samples, 1 + index);
      const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.ca });
      await once(socket, 'secureConnect');
      for (let sent = 0; sent < BODIES / CONNECTIONS; sent += AT_ONCE) {
        const batch = Array.from({ length: AT_ONCE }, nextBody);
        for (const [at, { status, body }] of (await pipeline(socket, batch)).entries()) {
          counts.set(status, (counts.get(status) ?? 0) + 1);
          if (status === 200) assert.equal(JSON.parse(body).response.allowed, true);
          else assert.match(body, /^podometer: .+ \[PODO_BAD_REQUEST\]\n {2}.+\n$/s, `${batch[at]}`);
        }
      }
      socket.destroy();
    }),
  );
  assert.deepEqual([...counts.keys()].sort(), [200, 400]);
  assert.ok(
    [...counts.values()].every((count) => count > BODIES / 100),
    JSON.stringify([...counts]),
  );
  // A pod whose fields have types that no API server lets through is admitted as it is, and told in the log.
  assert.deepEqual(
    logged.filter((line) => !/^review \S+ in \S+ failed: TypeError: /.test(line)),
    [],
  );
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.equal((await post(review())).status, 200);
});
