import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDiskstats } from '../../../agent/procfs/diskstats.ts';

const LINES = `   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
 254       0 vda 369022 29894 31098170 566886 2442288 79884 26710064 279009 0 138200 888389 56434 33 5614104 6306 603733 36187
`;

function names(...devices: string[]): string[] {
  const text = devices.map((name) => `   8       1 ${name} 1 0 2 0 3 0 4 0 0 5 0\n`).join('');
  return parseDiskstats(Buffer.from(text)).map(({ name }) => name);
}

test('sectors are told as bytes, beside operations, the time in which the device was busy, and its queue', () => {
  assert.deepEqual(parseDiskstats(Buffer.from(LINES))[1], {
    device: '254:0',
    name: 'vda',
    reads: 369_022,
    readBytes: 31_098_170 * 512,
    writes: 2_442_288,
    writeBytes: 26_710_064 * 512,
    busyMs: 138_200,
    inFlight: 0,
    queueMs: 888_389,
  });
});

test('a device without any IO is there too', () => {
  assert.equal(parseDiskstats(Buffer.from(LINES))[0]?.readBytes, 0);
});

test('partitions are left out, and devices with similar names are not', () => {
  assert.deepEqual(names('sda', 'sda1', 'sda12', 'sdaa', 'sdaa1'), ['sda', 'sdaa']);
  assert.deepEqual(names('nvme0n1', 'nvme0n1p1', 'nvme0n12'), ['nvme0n1', 'nvme0n12']);
  assert.deepEqual(names('dm-1', 'dm-10', 'mmcblk0', 'mmcblk0p2'), ['dm-1', 'dm-10', 'mmcblk0']);
});

test('a line that is not padded is read as well', () => {
  const [disk] = parseDiskstats(Buffer.from('1259 3 nvme0n1 1 0 2 0 3 0 4 0 0 5 0\n'));
  assert.deepEqual([disk?.device, disk?.name, disk?.busyMs], ['1259:3', 'nvme0n1', 5]);
});
