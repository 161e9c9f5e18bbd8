/** `podometer storage` with real tools, on the disk, on tmpfs, on a file system in a loop device, and where all goes wrong. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseFioReport } from '../../agent/storage-tools/fio-report.ts';
import { readLatest, readSeries, startPodometer, temporaryFolder } from './measured.ts';
import { hasFio, hasIoping, setting, smallVolume, storage, wrappedFio } from './storage-setting.ts';

function resultsOf({ run }: Awaited<ReturnType<typeof readLatest>>): Record<string, number> {
  return Object.fromEntries((run.results ?? []).map(({ name, value }) => [name, value]));
}

const QUICK = ['--runtime', '1s', '--size', '8m'];

test('what is stored is what fio wrote, value by value, and nothing is left of its files', async (t) => {
  if (!hasFio(t)) return;
  const where = setting(t);
  const copy = join(temporaryFolder(t), 'report.json');
  const env = wrappedFio(t, `/usr/bin/fio "$@" | tee ${copy}`);
  const { exitCode, stderr } = await storage(where, ['--profile', 'database', ...QUICK], env).ended;
  assert.equal(exitCode, 0, stderr);
  const measured = await readLatest(where.data);
  const own = parseFioReport(readFileSync(copy, 'utf8'));
  assert.ok(own.length > 20);
  assert.deepEqual(
    measured.run.results,
    own.map(({ combine: _, ...result }) => result),
  );
  const [data] = JSON.parse(readFileSync(copy, 'utf8')).jobs;
  assert.equal(resultsOf(measured)['fio.data.read.iops'], data.read.iops);
  assert.deepEqual(readdirSync(where.volume), []);
});

test('the tool is measured like any command: its processes, and bytes that match what it says it moved', async (t) => {
  if (!hasFio(t)) return;
  const where = setting(t);
  const { exitCode } = await storage(where, ['--profile', 'seqwrite', ...QUICK]).ended;
  assert.equal(exitCode, 0);
  const measured = await readLatest(where.data);
  const { run, processes } = measured;
  assert.equal(run.workload.name, 'fio-seqwrite');
  assert.deepEqual([run.tags.tool, run.tags.size, run.tags.path], ['fio', '8m', where.volume]);
  assert.ok(
    run.command?.includes('--runtime=1') && !run.command.some((part) => part.includes('podometer-storage-')),
  );
  assert.ok(run.command?.includes(`--direct=${run.tags.direct === 'yes' ? 1 : 0}`));
  assert.ok(processes.some(({ comm }) => comm === 'fio'));
  assert.ok((run.measures.cpuSystemSeconds ?? 0) > 0);
  assert.ok((await readSeries(where.data, ['volumeFreeBytes'])).size > 0);
  if (run.tags.direct === 'yes') {
    const moved = resultsOf(measured)['fio.write.bytes'] ?? 0;
    assert.ok((run.measures.writeBytes ?? 0) >= moved, `${run.measures.writeBytes} of ${moved}`);
  }
});

test('what --set asks of fio is what it does, and what the run is tagged with', async (t) => {
  if (!hasFio(t)) return;
  const where = setting(t);
  const copy = join(temporaryFolder(t), 'report.json');
  const env = wrappedFio(t, `/usr/bin/fio "$@" | tee ${copy}`);
  const asked = ['bs=8k', 'rw=randwrite', 'fdatasync=2', 'rateIops=200', 'engine=psync', 'ramp=1s'];
  const options = asked.flatMap((one) => ['--set', one]);
  const { exitCode, stderr } = await storage(where, [...QUICK, ...options], env).ended;
  assert.equal(exitCode, 0, stderr);
  const { run } = await readLatest(where.data);
  assert.deepEqual(
    asked.map((one) => one.split('=')).filter(([key = '', value]) => run.tags[key] !== value),
    [],
  );
  const report = readFileSync(copy, 'utf8');
  const [job] = JSON.parse(report.slice(report.indexOf('{'))).jobs;
  assert.equal(job.read.total_ios, 0);
  assert.ok(Math.abs(job.write.io_bytes / job.write.total_ios - 8192) < 1, `${job.write.io_bytes} bytes`);
  assert.ok(job.sync.lat_ns.N > 0 && job.write.iops < 260, `${job.write.iops} a second`);
});

test('a job file of the user’s is run in the folder, each of its jobs with its own results', async (t) => {
  if (!hasFio(t)) return;
  const where = setting(t);
  const file = join(temporaryFolder(t), 'two.fio');
  writeFileSync(file, '[global]\nsize=4m\nruntime=1\n[one]\nrw=read\n[two]\nstonewall\nrw=write\n');
  const { exitCode, stderr } = await storage(where, ['--fio-job', file]).ended;
  assert.equal(exitCode, 0, stderr);
  const measured = await readLatest(where.data);
  assert.equal(measured.run.workload.name, 'fio-two.fio');
  assert.equal(resultsOf(measured)['fio.one.read.bytes'], 4 * 2 ** 20);
  assert.equal(resultsOf(measured)['fio.two.write.bytes'], 4 * 2 ** 20);
  assert.deepEqual(readdirSync(where.volume), []);
});

test('ioping tells latency, in several runs side by side', async (t) => {
  if (!hasIoping(t)) return;
  const where = setting(t);
  const options = ['--tool', 'ioping', '--runtime', '1s', '--size', '1m', '--runs', '2'];
  const { exitCode, stdout } = await storage(where, options).ended;
  assert.equal(exitCode, 0);
  assert.match(stdout, /ioping\.latency\.mean .*\n/);
  assert.match(stdout, /ioping-read@1 +ioping-read@2 +MEDIAN/);
  const measured = await readLatest(where.data);
  assert.equal(measured.run.ref, 'ioping-read@2');
  assert.ok((resultsOf(measured)['ioping.latency.mean'] ?? 0) > 0);
  assert.deepEqual(readdirSync(where.volume), []);
});

test('metadata tells rates, and comparing two runs of it shows them', async (t) => {
  const where = setting(t);
  const options = ['--tool', 'metadata', '--set', 'files=500', '--runs', '2', '--json'];
  const { exitCode, stdout } = await storage(where, options).ended;
  assert.equal(exitCode, 0);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ run }) => run.ref),
    ['metadata-files@1', 'metadata-files@2'],
  );
  const refs = lines.map(({ run }) => run.ref);
  const { stdout: compared } = await startPodometer(['compare', ...refs, '--data', where.data]).ended;
  assert.match(compared, /metadata\.create\.rate/);
  assert.doesNotMatch(compared, /Different commands/);
  assert.match(compared, /repeat both with --runs 5\./);
  assert.deepEqual(readdirSync(where.volume), []);
});

for (const kind of ['tmpfs', 'ext4 in a loop device'] as const) {
  for (const tool of ['fio', 'ioping', 'metadata'] as const) {
    test(`${tool} works on ${kind}, and leaves nothing there`, async (t) => {
      if ((tool === 'fio' && !hasFio(t)) || (tool === 'ioping' && !hasIoping(t))) return;
      const where = setting(t);
      if (!smallVolume(t, where, kind)) return;
      const options = tool === 'metadata' ? ['--set', 'files=200'] : QUICK;
      const { exitCode, stderr } = await storage(where, ['--tool', tool, ...options]).ended;
      assert.equal(exitCode, 0, stderr);
      const measured = await readLatest(where.data);
      const rate = { fio: 'fio.read.iops', ioping: 'ioping.iops', metadata: 'metadata.create.rate' }[tool];
      assert.ok((resultsOf(measured)[rate] ?? 0) > 0);
      assert.deepEqual(
        readdirSync(where.volume).filter((name) => name !== 'lost+found'),
        [],
      );
    });
  }
}
