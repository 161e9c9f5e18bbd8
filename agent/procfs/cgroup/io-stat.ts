/** io.stat (cgroup v2): a line per block device, `major:minor rbytes=… wbytes=… rios=… wios=… …`. */
import { integerAt, nextLine } from '../bytes.ts';

const KEYS = ['rbytes=', 'wbytes=', 'rios=', 'wios='] as const;

/** `[bytes read, bytes written, reads, writes]` of all devices together; zero where there has been no IO. */
export function sumIoStat(bytes: Buffer, into: Float64Array): void {
  into.fill(0);
  for (let line = 0; line < bytes.length; ) {
    const next = nextLine(bytes, line);
    KEYS.forEach((key, k) => {
      const at = bytes.indexOf(key, line);
      if (at !== -1 && at < next) into[k] = (into[k] as number) + integerAt(bytes, at + key.length);
    });
    line = next;
  }
}
