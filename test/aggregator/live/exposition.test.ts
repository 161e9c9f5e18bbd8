import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expositionOf } from '../../../aggregator/live/exposition.ts';
import { columnByName } from '../../../protocol/metrics.ts';

test('figures are families with units, and counters end in _total', () => {
  const [utime, stime, memory] = (['utimeTicks', 'stimeTicks', 'rssBytes'] as const).map(columnByName);
  assert.ok(utime && stime && memory);
  const attributes = { 'podometer.run': 'a "quoted"\\name@1' };
  const lines = expositionOf([
    { column: utime, attributes, value: 1.5 },
    { column: memory, attributes: {}, value: 4096 },
    { column: stime, attributes: {}, value: 2 },
  ]).filter((line) => !line.startsWith('# HELP'));
  assert.deepEqual(lines, [
    '# TYPE process_cpu_time_seconds counter',
    '# UNIT process_cpu_time_seconds seconds',
    'process_cpu_time_seconds_total{cpu_mode="user",podometer_run="a \\"quoted\\"\\\\name@1"} 1.5',
    'process_cpu_time_seconds_total{cpu_mode="system"} 2',
    '# TYPE process_memory_usage_bytes gauge',
    '# UNIT process_memory_usage_bytes bytes',
    'process_memory_usage_bytes{} 4096',
  ]);
});
