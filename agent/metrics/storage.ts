/**
 * `storage`, the passive part: bytes and operations of each block device, and the space of each volume. (Those of each
 * process are columns of `performance`.) A device is told by the cgroup of each container; one that none tells, by the host.
 * A reading took 80 µs of CPU time on a machine with 9 devices and 3 volumes.
 */
import { deviceColumns, volumeColumns } from '../../protocol/metrics.ts';
import type { ContainerTarget } from '../containers.ts';
import { blkioByDevice } from '../procfs/cgroup/blkio.ts';
import { type DeviceIo, ioByDevice } from '../procfs/cgroup/io-stat.ts';
import type { CgroupFolder } from '../procfs/cgroup/locate.ts';
import { type DiskStats, parseDiskstats } from '../procfs/diskstats.ts';
import { ProcFile, readOnce } from '../procfs/proc-file.ts';
import type { Metric, RowOf, StorageProbe } from './metric.ts';
import { VolumeReader } from './volume-reader.ts';

const DEVICE_COLUMNS = deviceColumns.map(({ id }) => id);
/** Places in a row, after bytes and operations. */
const [BUSY, IN_FLIGHT, QUEUE] = [4, 5, 6];
const VOLUME_COLUMNS = volumeColumns.map(({ id }) => id);
const MANY_RECORDS = 0;

export const storage: Metric = {
  name: 'storage',
  needs: 'the same user as the processes, or SYS_PTRACE, for the space of volumes',
  openStorage: ({ container, livingPid }, { procRoot, without }) => {
    const devices = without.has('devices') ? [] : devicesOf(container, procRoot);
    if (without.has('volumes')) return devices;
    const reader = new VolumeReader(procRoot);
    const volumes: StorageProbe = {
      kind: 'volume',
      columns: VOLUME_COLUMNS,
      sample: (rowOf) => {
        const pid = livingPid();
        if (pid !== undefined) reader.read(pid, rowOf);
        return pid !== undefined;
      },
      close: () => {},
    };
    return [...devices, volumes];
  },
};

function devicesOf(container: ContainerTarget | undefined, procRoot: string): StorageProbe[] {
  return container === undefined ? hostDevices(procRoot) : cgroupDevices(container.folders, procRoot);
}

/** Those that have had IO since the start of the machine. */
function hostDevices(procRoot: string): StorageProbe[] {
  const file = ProcFile.open(`${procRoot}/diskstats`);
  if (!(file instanceof ProcFile)) return [];
  return [
    {
      kind: 'device',
      columns: DEVICE_COLUMNS,
      sample: (rowOf) => {
        for (const disk of disksOf(file.read(MANY_RECORDS))) {
          const row = disk.reads + disk.writes > 0 ? fill(rowOf, disk, disk.name) : undefined;
          if (row === undefined) continue;
          row[BUSY] = disk.busyMs;
          fillQueue(row, disk);
        }
        return true;
      },
      close: () => file.close(),
    },
  ];
}

/** None where no controller tells them. */
function cgroupDevices(folders: readonly CgroupFolder[], procRoot: string): StorageProbe[] {
  return folders.flatMap(({ folder }) => {
    const read = v2Devices(folder) ?? v1Devices(folder);
    if (read === undefined) return [];
    const probe: StorageProbe = {
      kind: 'device',
      columns: DEVICE_COLUMNS,
      sample: (rowOf) => {
        const devices = read.devices();
        const disks = devices?.length ? disksByDevice(procRoot) : noDisks;
        for (const io of devices ?? []) {
          const disk = disks.get(io.device);
          const row = fill(rowOf, io, disk?.name);
          if (row !== undefined && disk !== undefined) fillQueue(row, disk);
        }
        return devices !== undefined && read.tellsAll;
      },
      close: read.close,
    };
    return [probe];
  });
}

interface DeviceFiles {
  /** Whether it tells every device that the cgroup's processes used. */
  readonly tellsAll: boolean;
  /** Undefined where it could not be read. */
  devices(): readonly DeviceIo[] | undefined;
  close(): void;
}

function v2Devices(folder: string): DeviceFiles | undefined {
  const file = ProcFile.open(`${folder}/io.stat`);
  if (!(file instanceof ProcFile)) return undefined;
  const devices = (): DeviceIo[] | undefined => {
    const bytes = file.read(MANY_RECORDS);
    return Buffer.isBuffer(bytes) ? ioByDevice(bytes) : undefined;
  };
  return { tellsAll: true, devices, close: () => file.close() };
}

function v1Devices(folder: string): DeviceFiles | undefined {
  const bytesFile = ProcFile.open(`${folder}/blkio.throttle.io_service_bytes_recursive`);
  if (!(bytesFile instanceof ProcFile)) return undefined;
  const callsFile = ProcFile.open(`${folder}/blkio.throttle.io_serviced_recursive`);
  if (!(callsFile instanceof ProcFile)) {
    bytesFile.close();
    return undefined;
  }
  const devices = (): DeviceIo[] | undefined => {
    const bytes = bytesFile.read(MANY_RECORDS);
    if (!Buffer.isBuffer(bytes)) return undefined;
    const kept = Buffer.from(bytes);
    const calls = callsFile.read(MANY_RECORDS);
    return Buffer.isBuffer(calls) ? blkioByDevice(kept, calls) : undefined;
  };
  const close = (): void => {
    bytesFile.close();
    callsFile.close();
  };
  // Newer kernels count a device here only from when some cgroup has set a limit for it.
  return { tellsAll: false, devices, close };
}

function fill(rowOf: RowOf, io: DeviceIo, name: string | undefined): Float64Array | undefined {
  const row = rowOf(io.device, name);
  row?.set([io.readBytes, io.writeBytes, io.reads, io.writes]);
  return row;
}

/** Of all programs, whoever's the row is: what a program waits for is the queue as a whole. */
function fillQueue(row: Float64Array, { inFlight, queueMs }: DiskStats): void {
  row[IN_FLIGHT] = inFlight;
  row[QUEUE] = queueMs;
}

const noDisks: ReadonlyMap<string, DiskStats> = new Map();

function disksByDevice(procRoot: string): ReadonlyMap<string, DiskStats> {
  const disks = disksOf(readOnce(`${procRoot}/diskstats`, MANY_RECORDS));
  return new Map(disks.map((disk) => [disk.device, disk]));
}

function disksOf(bytes: ReturnType<ProcFile['read']>): DiskStats[] {
  return Buffer.isBuffer(bytes) ? parseDiskstats(bytes) : [];
}
