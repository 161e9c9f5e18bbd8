import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InjectorMetrics } from '../../../injector/webhook/metrics.ts';
import { review } from './sample-review.ts';
import { serve } from './serving.ts';

test('the figures are OpenMetrics text', () => {
  const metrics = new InjectorMetrics();
  metrics.request(200, 0.004);
  metrics.request(200, 0.3);
  metrics.request(400, 60);
  metrics.injected();
  metrics.skipped('host-pid');
  metrics.skipped('host-pid');
  metrics.event('sent');
  metrics.slippedThrough('team-a', 2);
  metrics.slippedThrough('team-b', 1);
  metrics.slippedThrough('team-c', 1);
  metrics.slippedThrough('team-c', 0);
  metrics.certificate(Date.UTC(2026, 0, 1));
  const lines = metrics
    .exposition(true)
    .split('\n')
    .filter((line) => !line.startsWith('# HELP') && !/le="(0\.00|0\.0[125]|0\.1|0\.25|2|5|10)/.test(line));
  assert.deepEqual(lines, [
    '# TYPE podometer_admission_requests counter',
    'podometer_admission_requests_total{code="200"} 2',
    'podometer_admission_requests_total{code="400"} 1',
    '# TYPE podometer_admission_decisions counter',
    'podometer_admission_decisions_total{decision="inject",reason=""} 1',
    'podometer_admission_decisions_total{decision="skip",reason="host-pid"} 2',
    '# TYPE podometer_injector_events counter',
    'podometer_injector_events_total{outcome="sent"} 1',
    '# TYPE podometer_admission_duration_seconds histogram',
    '# UNIT podometer_admission_duration_seconds seconds',
    'podometer_admission_duration_seconds_bucket{le="0.5"} 2',
    'podometer_admission_duration_seconds_bucket{le="1"} 2',
    'podometer_admission_duration_seconds_bucket{le="+Inf"} 3',
    'podometer_admission_duration_seconds_count 3',
    'podometer_admission_duration_seconds_sum 60.304',
    '# TYPE podometer_injector_ready gauge',
    'podometer_injector_ready 1',
    '# TYPE podometer_injector_pods_without_agent gauge',
    'podometer_injector_pods_without_agent 3',
    '# TYPE podometer_certificate_expiry_timestamp_seconds gauge',
    '# UNIT podometer_certificate_expiry_timestamp_seconds seconds',
    'podometer_certificate_expiry_timestamp_seconds 1767225600',
    '# EOF',
    '',
  ]);
});

test('a value on a bound counts as below it', () => {
  const metrics = new InjectorMetrics();
  metrics.request(200, 0.005);
  const text = metrics.exposition(true);
  assert.match(text, /bucket\{le="0\.0025"\} 0\n.*bucket\{le="0\.005"\} 1\n/);
});

test('GET /metrics counts reviews and refusals, but not itself', async (t) => {
  const { get, post } = await serve(t, { missing: () => ['something'] });
  await post(review());
  await post('nonsense');
  await get('/metrics');
  const { body, headers } = await get('/metrics');
  assert.match(String(headers['content-type']), /^application\/openmetrics-text; version=1\.0\.0/);
  assert.match(body, /requests_total\{code="200"\} 1\npodometer_admission_requests_total\{code="400"\} 1\n/);
  assert.match(body, /decisions_total\{decision="inject",reason=""\} 1/);
  assert.match(body, /podometer_injector_ready 0/);
});
