import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { blkioByDevice } from '../../../../agent/procfs/cgroup/blkio.ts';

const BYTES = Buffer.from(`8:16 Read 4096
8:16 Write 8192
8:16 Sync 12288
8:16 Discard 0
8:16 Total 12288
253:0 Read 512
253:0 Write 0
Total 12800
`);
const CALLS = Buffer.from('8:16 Read 1\n8:16 Write 2\n8:16 Total 3\nTotal 3\n');

test('bytes and operations of each device are put together, and sums are not taken for devices', () => {
  assert.deepEqual(blkioByDevice(BYTES, CALLS), [
    { device: '8:16', readBytes: 4096, writeBytes: 8192, reads: 1, writes: 2 },
    { device: '253:0', readBytes: 512, writeBytes: 0, reads: 0, writes: 0 },
  ]);
});

test('a captured file in which the kernel counted nothing has no devices', () => {
  const file = (name: string) =>
    readFileSync(`test/fixtures/cgroup-v1/blkio/blkio.throttle.${name}_recursive`);
  assert.deepEqual(blkioByDevice(file('io_service_bytes'), file('io_serviced')), []);
});
