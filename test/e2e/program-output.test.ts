import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { MAIN, measured, readLatest, readSeries, temporaryFolder } from './measured.ts';

const LOSS = ['--measure', 'loss=([0-9.]+)'];

function resultsOf({ run }: { run: { results?: { name: string; value: number }[] } }) {
  return Object.fromEntries((run.results ?? []).map(({ name, value }) => [name, value]));
}

/** A shell line, measured with its output caught as bytes. */
async function outputOf(t: TestContext, script: string) {
  const data = temporaryFolder(t);
  const args = ['run', '--data', data, '--interval', '20ms', ...LOSS, '--', 'sh', '-c', script];
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  const stdout = await buffer(child.stdout);
  const [exitCode] = await closed;
  return { data, stdout, exitCode };
}

test('figures that a command prints are results of its run, and series on its time line', async (t) => {
  const script = 'for i in 5 4 3; do echo "epoch: loss=0.$i done"; sleep 0.5; done; echo loss=nothing';
  const { data, exitCode, stdout } = await outputOf(t, script);
  assert.equal(exitCode, 0);
  assert.equal(
    stdout.toString(),
    'epoch: loss=0.5 done\nepoch: loss=0.4 done\nepoch: loss=0.3 done\nloss=nothing\n',
  );
  const results = resultsOf(await readLatest(data));
  assert.deepEqual(
    [results['loss.last'], results['loss.min'], results['loss.max'], results['loss.count']],
    [0.3, 0.3, 0.5, 3],
  );
  assert.ok(Math.abs((results['loss.mean'] ?? 0) - 0.4) < 1e-12);
  const [series] = (await readSeries(data, ['outputValue'])).get('outputValue') ?? [];
  assert.deepEqual([...(series?.values ?? [])], [0.5e9, 0.4e9, 0.3e9]);
});

test('the output passes through byte for byte, whatever is in it and however it is cut', async (t) => {
  const file = join(temporaryFolder(t), 'bytes');
  const bytes = Buffer.concat([randomBytes(3_000_000), Buffer.from('\xffloss=1', 'latin1')]);
  writeFileSync(file, bytes);
  const { stdout, exitCode } = await outputOf(t, `cat ${file}`);
  assert.equal(exitCode, 0);
  assert.ok(stdout.equals(bytes));
});

test('a reader that leaves early ends the command as a pipe would', async (t) => {
  const data = temporaryFolder(t);
  const args = ['run', '--data', data, ...LOSS, '--', 'sh', '-c', 'exec yes loss=2'];
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.once('data', () => child.stdout.destroy());
  const [exitCode] = await once(child, 'close');
  assert.equal(exitCode, 128 + 13);
  assert.equal(resultsOf(await readLatest(data))['loss.last'], 2);
});

test('what outlives the command still reaches the user, and the run ends with the command', async (t) => {
  const { data, stdout } = await outputOf(t, 'echo loss=1; (sleep 1; echo loss=9) &');
  assert.equal(stdout.toString(), 'loss=1\nloss=9\n');
  const { run } = await readLatest(data);
  assert.equal(resultsOf({ run })['loss.last'], 1);
  assert.ok((run.measures.wallSeconds ?? 9) < 0.9);
});

test('a command that cannot be started leaves nothing open', async (t) => {
  const { exitCode } = await measuredOrNothing(t, ['no-such-command-here']);
  assert.equal(exitCode, 127);
});

test('an endless line and a flood of lines hold up neither the command nor the measuring', async (t) => {
  const flood = 'head -c 20000000 /dev/zero | tr "\\0" "y"; yes loss=3 | head -n 300000';
  const { run, exitCode } = await measured(t, LOSS, ['sh', '-c', `(${flood}) > /dev/null; ${flood}`]);
  assert.equal(exitCode, 0);
  assert.equal(run.outcome?.exitCode, 0);
});

async function measuredOrNothing(t: TestContext, command: readonly string[]) {
  const data = temporaryFolder(t);
  const child = spawn(process.execPath, [MAIN, 'run', '--data', data, ...LOSS, '--', ...command], {
    stdio: 'ignore',
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode };
}
