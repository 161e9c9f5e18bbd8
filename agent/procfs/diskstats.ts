/**
 * /proc/diskstats: a line per block device of the host, `major minor name reads merged sectors ms writes merged sectors ms
 * in-flight busy-ms queue-ms …` (the kernel's Documentation/admin-guide/iostats.rst). A sector has 512 bytes, whatever the device's.
 */
import { integerAt, nextField, nextLine } from './bytes.ts';
import type { DeviceIo } from './cgroup/io-stat.ts';

export interface DiskStats extends DeviceIo {
  readonly name: string;
  /** Time in which there was IO to do. */
  readonly busyMs: number;
  /** Requests that wait for the device or are being served, now. */
  readonly inFlight: number;
  /** Time that all requests together have spent like that. */
  readonly queueMs: number;
}

const SECTOR_BYTES = 512;

/** Places of the fields that follow the name. */
const READS = 0;
const SECTORS_READ = 2;
const WRITES = 4;
const SECTORS_WRITTEN = 6;
const IN_FLIGHT = 8;
const BUSY_MS = 9;
const QUEUE_MS = 10;
const LAST = QUEUE_MS;

const fields = new Float64Array(LAST + 1);

/** Whole devices; the IO of a partition is counted in its device's. */
export function parseDiskstats(bytes: Buffer): DiskStats[] {
  const disks: DiskStats[] = [];
  for (let line = 0; line < bytes.length; line = nextLine(bytes, line)) {
    const disk = parseLine(bytes, line);
    if (!disks.some(({ name }) => isPartition(disk.name, name))) disks.push(disk);
  }
  return disks;
}

function parseLine(bytes: Buffer, line: number): DiskStats {
  // The numbers are padded to be of one width, so a line may begin with blanks.
  const majorAt = bytes[line] === 0x20 ? nextField(bytes, line) : line;
  const minorAt = nextField(bytes, majorAt);
  const nameAt = nextField(bytes, minorAt);
  let at = nextField(bytes, nameAt);
  const name = bytes.toString('latin1', nameAt, at).trimEnd();
  for (let i = 0; i <= LAST; i++) {
    fields[i] = integerAt(bytes, at);
    at = nextField(bytes, at);
  }
  return {
    device: `${integerAt(bytes, majorAt)}:${integerAt(bytes, minorAt)}`,
    name,
    reads: field(READS),
    readBytes: field(SECTORS_READ) * SECTOR_BYTES,
    writes: field(WRITES),
    writeBytes: field(SECTORS_WRITTEN) * SECTOR_BYTES,
    busyMs: field(BUSY_MS),
    inFlight: field(IN_FLIGHT),
    queueMs: field(QUEUE_MS),
  };
}

function field(place: number): number {
  return fields[place] as number;
}

/** A partition has its device's name and a number, after a `p` where that name ends in a digit. */
function isPartition(name: string, device: string): boolean {
  if (!name.startsWith(device)) return false;
  const rest = name.slice(device.length);
  return /\d$/.test(device) ? /^p\d+$/.test(rest) : /^\d+$/.test(rest);
}
