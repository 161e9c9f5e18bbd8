/**
 * blkio.throttle.io_service_bytes_recursive and io_serviced_recursive (cgroup v1): lines `major:minor Read n`,
 * `major:minor Write n` and others. Writes that went through the page cache are not in them: v1 does not know whose
 * they are.
 */
import { integerAt, nextField, nextLine } from '../bytes.ts';
import type { DeviceIo } from './io-stat.ts';

interface ReadAndWrite {
  read: number;
  write: number;
}

/** What the two files say of each device together. */
export function blkioByDevice(serviceBytes: Buffer, serviced: Buffer): DeviceIo[] {
  const operations = parse(serviced);
  return [...parse(serviceBytes)].map(([device, { read, write }]) => ({
    device,
    readBytes: read,
    writeBytes: write,
    reads: operations.get(device)?.read ?? 0,
    writes: operations.get(device)?.write ?? 0,
  }));
}

function parse(bytes: Buffer): Map<string, ReadAndWrite> {
  const devices = new Map<string, ReadAndWrite>();
  for (let line = 0; line < bytes.length; line = nextLine(bytes, line)) {
    const kindAt = nextField(bytes, line);
    const device = bytes.toString('latin1', line, kindAt - 1);
    // The last line is the sum over the devices.
    if (!device.includes(':')) continue;
    const valueAt = nextField(bytes, kindAt);
    const kind = bytes.toString('latin1', kindAt, valueAt - 1);
    const found = devices.get(device) ?? { read: 0, write: 0 };
    devices.set(device, found);
    if (kind === 'Read') found.read = integerAt(bytes, valueAt);
    if (kind === 'Write') found.write = integerAt(bytes, valueAt);
  }
  return devices;
}
