/** io.stat (cgroup v2): a line per block device, `major:minor rbytes=… wbytes=… rios=… wios=… …`. */
import { integerAt, nextLine } from '../bytes.ts';

const KEYS = ['rbytes=', 'wbytes=', 'rios=', 'wios='] as const;

export interface DeviceIo {
  /** `major:minor`, as in mountinfo. */
  readonly device: string;
  readonly readBytes: number;
  readonly writeBytes: number;
  readonly reads: number;
  readonly writes: number;
}

/** `[bytes read, bytes written, reads, writes]` of all devices together; zero where there has been no IO. */
export function sumIoStat(bytes: Buffer, into: Float64Array): void {
  into.fill(0);
  forEachDevice(bytes, (_, values) => {
    for (let k = 0; k < KEYS.length; k++) into[k] = (into[k] as number) + (values[k] || 0);
  });
}

/** The same of each device that has had IO. */
export function ioByDevice(bytes: Buffer): DeviceIo[] {
  const devices: DeviceIo[] = [];
  forEachDevice(bytes, (line, [readBytes = 0, writeBytes = 0, reads = 0, writes = 0]) => {
    const device = bytes.toString('latin1', line, bytes.indexOf(' ', line));
    devices.push({ device, readBytes, writeBytes, reads, writes });
  });
  return devices;
}

const scratch = new Float64Array(KEYS.length);

/** `values`: one number per key; the array is the same at each call. A line may be without any (`8:16 \n`). */
function forEachDevice(bytes: Buffer, take: (line: number, values: Float64Array) => void): void {
  for (let line = 0; line < bytes.length; ) {
    const next = nextLine(bytes, line);
    KEYS.forEach((key, k) => {
      const at = bytes.indexOf(key, line);
      scratch[k] = at === -1 || at >= next ? Number.NaN : integerAt(bytes, at + key.length);
    });
    if (!Number.isNaN(scratch[0])) take(line, scratch);
    line = next;
  }
}
