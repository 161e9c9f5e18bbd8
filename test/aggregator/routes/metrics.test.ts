import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflater } from '../../../lib/deflater.ts';
import { encodeBatch } from '../../../protocol/codec/batch-encode.ts';
import { FakeStore, openMember, run } from '../fake-store.ts';
import { oneSecond, post } from './sent-batch.ts';
import { serve } from './serving.ts';

test('GET /metrics counts runs by state, and batches by what became of them', async () => {
  const store = new FakeStore(run(1), run(2), run(3, { members: [openMember()] }));
  const app = await serve(store);
  await app.inject(post(oneSecond()));
  await app.inject(post(oneSecond()));
  await app.inject(post(Buffer.from('nonsense')));
  const response = await app.inject('/metrics');
  assert.match(String(response.headers['content-type']), /^application\/openmetrics-text; version=1\.0\.0/);
  const lines = response.body.split('\n').filter((line) => !line.startsWith('# HELP'));
  assert.deepEqual(lines, [
    '# TYPE podometer_runs gauge',
    'podometer_runs{state="running"} 1',
    'podometer_runs{state="finished"} 2',
    'podometer_runs{state="interrupted"} 0',
    '# TYPE podometer_batches counter',
    'podometer_batches_total{outcome="accepted"} 1',
    'podometer_batches_total{outcome="duplicate"} 1',
    'podometer_batches_total{outcome="refused"} 1',
    '# TYPE podometer_batch_bytes counter',
    '# UNIT podometer_batch_bytes bytes',
    `podometer_batch_bytes_total ${encodeBatch(oneSecond(), deflater).byteLength}`,
    '# TYPE podometer_batches_in_flight_bytes gauge',
    '# UNIT podometer_batches_in_flight_bytes bytes',
    'podometer_batches_in_flight_bytes 0',
    '# EOF',
    '',
  ]);
});
