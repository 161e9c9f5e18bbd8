import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { storage } from '../../agent/metrics/storage.ts';
import { ProcessTable, type TrackedProcess } from '../../agent/process-table.ts';
import { Recorder } from '../../agent/recorder.ts';
import { Schedule } from '../../agent/schedule.ts';
import { StorageSampler } from '../../agent/storage-sampler.ts';
import { columnById } from '../../protocol/metrics.ts';

const DISKSTATS = '   8       0 sda 10 0 16 0 20 0 24 0 3 9 40\n   8      16 sdb 0 0 0 0 0 0 0 0 0 0 0\n';
const SERVICE_BYTES = 'blkio/blkio.throttle.io_service_bytes_recursive';
const SERVICED = 'blkio/blkio.throttle.io_serviced_recursive';

/** A made-up machine: `proc` and a cgroup folder, with a sampler of its storage. */
class Machine {
  readonly root = mkdtempSync(join(tmpdir(), 'podometer-'));
  readonly table = new ProcessTable();
  readonly recorder = new Recorder({ agent: 'a'.repeat(32), run: 'run', epochMs: 0 });
  readonly sampler: StorageSampler;

  constructor(t: TestContext, files: Record<string, string>) {
    t.after(() => rmSync(this.root, { recursive: true }));
    for (const [path, text] of Object.entries({ 'proc/diskstats': DISKSTATS, ...files }))
      this.write(path, text);
    const parts = {
      metrics: [storage],
      context: { procRoot: join(this.root, 'proc'), without: new Set<never>(), event: () => {} },
      recorder: this.recorder,
      schedule: new Schedule({ monotonicMs: () => 0, wallMs: () => 0 }, 100),
    };
    this.sampler = new StorageSampler(parts, this.table);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  addContainer(index: number, folder: string): void {
    const folders = [{ folder: join(this.root, folder), files: [] }];
    this.sampler.addContainer({ index, name: `c${index}`, folders, ownsCgroup: true });
  }

  /** A process that sees this machine's files, and /dev/shm as its only mount. */
  addProcess(pid: number, change: Partial<TrackedProcess>): TrackedProcess {
    this.write(`proc/${pid}/mountinfo`, '1 0 0:1 / /dev/shm rw - tmpfs shm rw\n');
    symlinkSync('/', join(this.root, 'proc', String(pid), 'root'));
    return this.table.add({ pid, role: 'target', ...change } as TrackedProcess);
  }

  sample(atMs: number, last = false): void {
    this.sampler.sample({ atMs }, this.recorder.tick(atMs), last);
  }

  /** What was recorded: place and name of each subject, and its last value of each column. */
  seen(): object[] {
    const { storage: records = [], blocks } = this.recorder.drain(new Map());
    return records.map(({ kind, index, container, place, name }) => {
      const own = blocks.filter((block) => block.subject === kind && block.index === index);
      const values = own.flatMap((block) =>
        block.columns.map((id, c) => [columnById(id)?.name, block.values[c]?.[block.ticks.length - 1]]),
      );
      return { container, place, name, ...Object.fromEntries(values) };
    });
  }
}

const queue = { deviceInFlight: 3, deviceQueueMs: 40 };
const sdaOfHost = {
  ...queue,
  container: undefined,
  place: '8:0',
  name: 'sda',
  deviceBusyMs: 9,
  deviceReadBytes: 8192,
  deviceWriteBytes: 12_288,
  deviceReads: 10,
  deviceWrites: 20,
};
const ofContainer = { ...queue, container: 3, place: '8:0', name: 'sda', deviceReads: 1, deviceWrites: 2 };

test('the devices of the host are told where there is no container, those without any IO left out', (t) => {
  const machine = new Machine(t, {});
  machine.sampler.addHost();
  machine.sample(0);
  assert.deepEqual(machine.seen(), [sdaOfHost]);
});

test('where a cgroup tells its devices, those of the host are not asked, but for the queue', (t) => {
  const machine = new Machine(t, {
    'c/io.stat': '8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n',
  });
  machine.sampler.addHost();
  machine.addContainer(3, 'c');
  machine.sample(0);
  assert.deepEqual(machine.seen(), [{ ...ofContainer, deviceReadBytes: 4096, deviceWriteBytes: 8192 }]);
});

test('a cgroup v2 without any IO tells that there was none', (t) => {
  const machine = new Machine(t, { 'c/io.stat': '' });
  machine.sampler.addHost();
  machine.addContainer(3, 'c');
  machine.sample(0);
  assert.deepEqual(machine.seen(), []);
});

test('cgroup v1 tells devices where its kernel counts them, and the host does where it does not', (t) => {
  const machine = new Machine(t, { [SERVICE_BYTES]: 'Total 0\n', [SERVICED]: 'Total 0\n' });
  machine.sampler.addHost();
  machine.addContainer(3, 'blkio');
  machine.sample(0);
  assert.deepEqual(machine.seen(), [sdaOfHost]);
  machine.write(SERVICE_BYTES, '8:0 Read 4096\n8:0 Write 8192\n8:0 Total 12288\nTotal 12288\n');
  machine.write(SERVICED, '8:0 Read 1\n8:0 Write 2\n8:0 Total 3\nTotal 3\n');
  machine.sample(2000);
  assert.deepEqual(machine.seen(), [{ ...ofContainer, deviceReadBytes: 4096, deviceWriteBytes: 8192 }]);
});

test('where a cgroup v1 tells one of the devices, the host tells the others', (t) => {
  const machine = new Machine(t, {
    'proc/diskstats': `${DISKSTATS}   7       0 loop0 1 0 2 0 3 0 4 0 0 5 0\n`,
    [SERVICE_BYTES]: '8:0 Read 4096\n8:0 Write 8192\n',
    [SERVICED]: '8:0 Read 1\n8:0 Write 2\n',
  });
  machine.sampler.addHost();
  machine.addContainer(3, 'blkio');
  machine.sample(0);
  const places = machine
    .seen()
    .map((one) => 'place' in one && 'container' in one && [one.place, one.container]);
  assert.deepEqual(places, [
    ['8:0', 3],
    ['7:0', undefined],
  ]);
});

test('when the cgroup of a container tells no more, the host does not step in for it', (t) => {
  const machine = new Machine(t, { [SERVICE_BYTES]: '8:0 Read 4096\n', [SERVICED]: '8:0 Read 1\n' });
  machine.sampler.addHost();
  machine.addContainer(3, 'blkio');
  machine.sample(0);
  assert.equal(machine.seen().length, 1);
  machine.write(SERVICE_BYTES, 'Total 0\n');
  machine.sample(2000);
  assert.deepEqual(machine.seen(), []);
});

test('volumes are read through a living process of their container', (t) => {
  const machine = new Machine(t, {});
  machine.addContainer(0, 'c0');
  machine.addContainer(1, 'c1');
  machine.sampler.addHost();
  machine.addProcess(10, { container: 0, endMs: 1 }).endMs = 1;
  machine.addProcess(11, { container: 1 });
  machine.addProcess(12, { role: 'agent' });
  machine.sample(0);
  const volumes = machine.seen().filter((one) => 'volumeSizeBytes' in one);
  assert.deepEqual(
    volumes.map((one) => ({ ...one, volumeSizeBytes: 0, volumeUsedBytes: 0, volumeFreeBytes: 0 })),
    [
      {
        container: 1,
        place: '/dev/shm',
        name: undefined,
        volumeSizeBytes: 0,
        volumeUsedBytes: 0,
        volumeFreeBytes: 0,
      },
    ],
  );
});

test('it is read every second, and out of turn at the end', (t) => {
  const machine = new Machine(t, {});
  machine.sampler.addHost();
  for (const [atMs, last] of [[0], [999], [1000], [1500], [1600, true]] as const) machine.sample(atMs, last);
  const [block] = machine.recorder.drain(new Map()).blocks;
  assert.deepEqual(Array.from(block?.ticks ?? []), [0, 2, 4]);
});

test('a subject is named once', (t) => {
  const machine = new Machine(t, {});
  machine.sampler.addHost();
  machine.sample(0);
  assert.equal(machine.seen().length, 1);
  machine.sample(2000);
  assert.equal(machine.seen().length, 0);
});

test('there are at most 64 devices of one container or host', (t) => {
  const lines = Array.from({ length: 80 }, (_, i) => ` 253 ${i} dm-${i} 1 0 2 0 3 0 4 0 0 5 0\n`).join('');
  const machine = new Machine(t, { 'proc/diskstats': lines });
  machine.sampler.addHost();
  machine.sample(0);
  assert.equal(machine.seen().length, 64);
});
