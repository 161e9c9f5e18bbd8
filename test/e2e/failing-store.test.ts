import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLatest, startPodometer, temporaryFolder } from './measured.ts';

/** A small disk of its own; undefined, and the test skipped, where none can be mounted. */
function smallDisk(t: TestContext): string | undefined {
  let mounted: string | undefined;
  // Before the folder is made, for what is registered first is undone first.
  t.after(() => mounted && execFileSync('umount', [mounted]));
  const folder = temporaryFolder(t);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    t.skip('needs root, to mount a tmpfs');
    return undefined;
  }
  mounted = folder;
  return folder;
}

test('a disk that fills up in mid-run costs neither the command nor the samples', async (t) => {
  const data = smallDisk(t);
  if (data === undefined) return;
  const cwd = temporaryFolder(t);
  await startPodometer(['run', '--data', data, '--', 'true']).ended;
  const fill = `dd if=/dev/zero of=${data}/fill bs=64k 2>/dev/null; sleep 1.5; echo done; exit 6`;
  const { exitCode, stdout, stderr } = await startPodometer(
    ['run', '--data', data, '--name', 'kept', '--', 'sh', '-c', fill],
    {},
    cwd,
  ).ended;
  assert.equal(stdout, 'done\n');
  assert.equal(exitCode, 6);
  assert.match(stderr, /\[PODO_STORE_FULL\]/);
  const [file = ''] = readdirSync(cwd);
  assert.match(file, /^podometer-.*\.batches$/);
  assert.ok(stderr.includes(`podometer import ${join(cwd, file)}`), stderr);

  rmSync(join(data, 'fill'));
  const imported = await startPodometer(['import', '--data', data, join(cwd, file)]).ended;
  assert.equal(imported.exitCode, 0, imported.stderr);
  const { run } = await readLatest(data);
  assert.equal(run.workload.name, 'kept');
  assert.equal(run.outcome?.exitCode, 6);
  assert.ok((run.measures.wallSeconds ?? 0) >= 1.5);
});

test('a data folder that cannot be written is refused before the command starts', async (t) => {
  let sealed: string | undefined;
  t.after(() => sealed && execFileSync('chattr', ['-i', sealed]));
  const data = temporaryFolder(t);
  await startPodometer(['run', '--data', data, '--', 'true']).ended;
  const marker = join(temporaryFolder(t), 'ran');
  try {
    sealed = join(data, 'data.mdb');
    execFileSync('chattr', ['+i', sealed], { stdio: 'ignore' });
  } catch {
    sealed = undefined;
    t.skip('needs root and a file system with chattr');
    return;
  }
  const { exitCode, stderr } = await startPodometer(['run', '--data', data, '--', 'touch', marker]).ended;
  assert.equal(exitCode, 2);
  assert.match(stderr, /PODO_STORE_READ_ONLY/);
  assert.throws(() => readdirSync(marker), { code: 'ENOENT' });
});

test('a damaged store is told with its folder and a mend, and nothing is started', async (t) => {
  const data = temporaryFolder(t);
  writeFileSync(join(data, 'data.mdb'), 'this is no database'.repeat(1000));
  const { exitCode, stdout, stderr } = await startPodometer(['run', '--data', data, '--', 'echo', 'ran'])
    .ended;
  assert.equal(exitCode, 2);
  assert.equal(stdout, '');
  assert.ok(stderr.includes(data) && stderr.includes('PODO_STORE_CORRUPT'), stderr);
});

test('a data folder that is a file is told as such', async (t) => {
  const data = join(temporaryFolder(t), 'file');
  writeFileSync(data, '');
  const { exitCode, stderr } = await startPodometer(['run', '--data', data, '--', 'true']).ended;
  assert.equal(exitCode, 2);
  assert.ok(stderr.includes(data));
});

test('a run whose podometer was killed is interrupted, keeps what was acknowledged, and its command goes on', async (t) => {
  const data = temporaryFolder(t);
  const marker = join(temporaryFolder(t), 'ran');
  mkdirSync(marker);
  const command = `touch ${marker}/begin; sleep 3; touch ${marker}/end`;
  const { child, ended } = startPodometer(['run', '--data', data, '--', 'sh', '-c', command]);
  while (!existsSync(join(marker, 'begin'))) await sleep(20);
  // The second batch is sent a second after the start.
  await sleep(2000);
  child.kill('SIGKILL');
  const shown = await startPodometer(['runs', '--data', data, '--json']).ended;
  const [run] = JSON.parse(shown.stdout).runs;
  assert.equal(run.state, 'interrupted');
  assert.ok(run.measures.wallSeconds >= 0.9, JSON.stringify(run.measures));
  await ended;
  assert.deepEqual(readdirSync(marker).toSorted(), ['begin', 'end']);
});

test('runs at the same time in one history all arrive', async (t) => {
  const data = temporaryFolder(t);
  chmodSync(data, 0o700);
  const runs = Array.from(
    { length: 4 },
    () => startPodometer(['run', '--data', data, '--name', 'many', '--', 'sleep', '0.5']).ended,
  );
  for (const { exitCode, stderr } of await Promise.all(runs)) assert.equal(exitCode, 0, stderr);
  const { stdout } = await startPodometer(['runs', '--data', data, '--json']).ended;
  const numbers = JSON.parse(stdout).runs.map(
    ({ number, state }: { number: number; state: string }) => `${number} ${state}`,
  );
  assert.deepEqual(numbers.toSorted(), ['1 finished', '2 finished', '3 finished', '4 finished']);
});
