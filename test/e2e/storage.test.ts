import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import type { ColumnSeries } from '../../aggregator/store/model.ts';
import { deviceColumns, volumeColumns } from '../../protocol/metrics.ts';
import { MAIN, readLatest, readSeries, startPodometer, temporaryFolder } from './measured.ts';

const mayMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
const skip = mayMount ? false : 'needs the right to mount';
const COLUMNS = [...deviceColumns, ...volumeColumns].map(({ name }) => name);
const WRITTEN_BYTES = 4_000_000;

/** Runs a script in a mount namespace of its own and measures its storage. */
async function measureStorage(data: string, script: string) {
  const options = ['--data', data, '--metrics', 'storage', '--interval', '100ms'];
  const command = ['unshare', '-m', 'sh', '-ec', script];
  const { exitCode, stderr } = await startPodometer(['run', ...options, '--', ...command]).ended;
  assert.equal(exitCode, 0, stderr);
  const { directory } = await readLatest(data);
  const series = await readSeries(data, COLUMNS);
  /** First and last value of one column of the device or volume for which the test holds. */
  return (column: string, kind: 'device' | 'volume', isIt: (place: string, name?: string) => boolean) => {
    const entry = directory.storage?.find((one) => one.kind === kind && isIt(one.place, one.name));
    assert.ok(entry, `no such ${kind}`);
    const isOwn = (one: ColumnSeries) => one.subject === kind && one.index === entry.index;
    const { values } = series.get(column)?.find(isOwn) ?? { values: [] };
    return { first: values.at(0) ?? Number.NaN, last: values.at(-1) ?? Number.NaN };
  };
}

test('the space of a volume in memory is told as the process sees it', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const place = join(folder, 'my volume');
  mkdirSync(place);
  const script = `mount -t tmpfs -o size=16m none '${place}'; sleep 0.5; head -c ${WRITTEN_BYTES} /dev/zero > '${place}/x'; sleep 1.3`;
  const edges = await measureStorage(join(folder, 'data'), script);
  const isIt = (path: string): boolean => path === place;
  assert.equal(edges('volumeSizeBytes', 'volume', isIt).last, 16 * 2 ** 20);
  const used = edges('volumeUsedBytes', 'volume', isIt).last;
  assert.ok(used >= WRITTEN_BYTES && used < WRITTEN_BYTES + 2 ** 16, `${used} bytes in use`);
  assert.equal(edges('volumeFreeBytes', 'volume', isIt).last, 16 * 2 ** 20 - used);
});

test('a disk that is mounted in mid-run is told by its space, and by what was written to it', {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const [image, place] = [join(folder, 'image'), join(folder, 'disk')];
  mkdirSync(place);
  writeFileSync(image, '');
  truncateSync(image, 32 * 2 ** 20);
  if (spawnSync('mkfs.ext4', ['-q', image]).status !== 0) return t.skip('needs mkfs.ext4');
  // The first IO of the disk is its mounting, so that it is there before the writing.
  const script = `mount -o loop ${image} ${place}; df --output=source ${place} | tail -n 1 > ${folder}/device
    sleep 2.5; head -c ${WRITTEN_BYTES} /dev/urandom > ${place}/x; sync ${place}/x; sleep 2.5; umount ${place}`;
  const edges = await measureStorage(join(folder, 'data'), script);
  const device = basename(readFileSync(join(folder, 'device'), 'utf8').trim());
  const written = edges('deviceWriteBytes', 'device', (_, name) => name === device);
  assert.ok(written.last - written.first >= WRITTEN_BYTES, `${written.last - written.first} bytes`);
  const used = edges('volumeUsedBytes', 'volume', (path) => path === place);
  assert.ok(used.last - used.first >= WRITTEN_BYTES, `${used.last - used.first} bytes`);
});

test('an export tells the devices and volumes by their names', { skip }, async (t) => {
  const data = temporaryFolder(t);
  await measureStorage(data, 'mount -t tmpfs none /mnt; sleep 1.2');
  const exported = execFileSync(process.execPath, [
    MAIN,
    'export',
    'unshare@latest',
    '--data',
    data,
    '--format',
    'json',
  ]);
  const series: { subject: string; key: string; column: string }[] = JSON.parse(String(exported)).series;
  const columns = series
    .filter(({ subject, key }) => subject === 'volume' && key === '/mnt')
    .map(({ column }) => column);
  assert.deepEqual(
    columns,
    volumeColumns.map(({ name }) => name),
  );
});
