/** The storage tool as the pod of a MetricSet runs it: the agent's socket is the real one, in this process. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Recorder } from '../../agent/recorder.ts';
import { OutputSeries } from '../../agent/results/output-series.ts';
import { OutputSocket } from '../../agent/results/output-socket.ts';
import { parseStorageReport } from '../../protocol/storage-report.ts';
import { startPodometer, temporaryFolder } from './measured.ts';
import { until } from './storage-setting.ts';

interface Pod {
  readonly volume: string;
  readonly report: string;
  start(...options: readonly string[]): ReturnType<typeof startPodometer>;
  /** With another environment. */
  startIn(env: NodeJS.ProcessEnv, ...options: readonly string[]): ReturnType<typeof startPodometer>;
  /** What the agent's next batch would hold. */
  results(): ReturnType<Recorder['drain']>['results'];
}

function pod(t: TestContext, names: readonly string[] | undefined): Pod {
  const folder = temporaryFolder(t);
  const [volume, measures, report] = ['volume', 'measures', 'report'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(volume);
  mkdirSync(measures);
  const recorder = new Recorder({ agent: 'a'.repeat(32), run: 'run', epochMs: 0 });
  const socket =
    names &&
    new OutputSocket({
      folder: measures,
      names,
      series: new OutputSeries(recorder, () => performance.now(), 10),
      monotonicMs: () => performance.now(),
      log: () => {},
    });
  t.after(() => socket?.close());
  const startIn: Pod['startIn'] = (env, ...options) => {
    const places = ['--measures-folder', measures, '--termination-file', report];
    return startPodometer(['storage', volume, ...places, ...options], env);
  };
  return {
    volume,
    report,
    start: (...options) => startIn({}, ...options),
    startIn,
    results: () => {
      socket?.close();
      return recorder.drain(new Map()).results;
    },
  };
}

const METADATA = ['--tool', 'metadata', '--set', 'files=200'];

test('the agent has every result as the tool reckoned it, and the controller the headlines', async (t) => {
  const { volume, report, start, results } = pod(t, ['metadata.*']);
  const { exitCode, stderr } = await start(...METADATA).ended;
  assert.equal(exitCode, 0, stderr);
  const told = results() ?? [];
  assert.deepEqual(told.map(({ name }) => name).toSorted(), [
    'metadata.create.max',
    'metadata.create.p50',
    'metadata.create.p99',
    'metadata.create.rate',
    'metadata.stat.max',
    'metadata.stat.p50',
    'metadata.stat.p99',
    'metadata.stat.rate',
    'metadata.unlink.max',
    'metadata.unlink.p50',
    'metadata.unlink.p99',
    'metadata.unlink.rate',
  ]);
  const { results: headlines = [] } = parseStorageReport(readFileSync(report, 'utf8')) ?? {};
  assert.equal(headlines[0]?.name, 'metadata.create.rate');
  assert.ok(
    headlines.every((headline) => told.some((one) => JSON.stringify(one) === JSON.stringify(headline))),
  );
  assert.deepEqual(readdirSync(volume), []);
});

test('results that were not asked for are passed over by the agent', async (t) => {
  const { start, results } = pod(t, ['fio.*']);
  assert.equal((await start(...METADATA).ended).exitCode, 0);
  assert.deepEqual(results() ?? [], []);
});

test('why it failed stands in the termination message', async (t) => {
  const { report, start } = pod(t, ['fio.*']);
  const { exitCode } = await start('--tool', 'fio', '--profile', 'slow').ended;
  assert.equal(exitCode, 2);
  assert.match(
    parseStorageReport(readFileSync(report, 'utf8'))?.failure ?? '',
    /^The option profile of fio is "slow"/,
  );
});

test('a tool that the image lacks is told as such', async (t) => {
  const { report, startIn } = pod(t, ['fio.*']);
  assert.equal((await startIn({ PATH: temporaryFolder(t) }, '--tool', 'fio').ended).exitCode, 2);
  assert.match(
    parseStorageReport(readFileSync(report, 'utf8'))?.failure ?? '',
    /^fio is not installed\. The image of this pod lacks it: /,
  );
});

test('a pod that is told to end leaves nothing in its volume', async (t) => {
  const { volume, report, start } = pod(t, ['metadata.*']);
  const started = start('--tool', 'metadata', '--set', 'files=500000', '--set', 'profile=synced');
  await until(() => readdirSync(volume).length > 0);
  started.child.kill('SIGTERM');
  assert.equal((await started.ended).exitCode, 143);
  assert.deepEqual(parseStorageReport(readFileSync(report, 'utf8')), { failure: 'It was ended by SIGTERM.' });
  assert.deepEqual(readdirSync(volume), []);
});

test('what a pod that was killed has left is removed by the next one, which says so', async (t) => {
  const { volume, start } = pod(t, ['metadata.*']);
  const left = join(volume, 'podometer-storage-abcdef');
  mkdirSync(left);
  writeFileSync(join(left, '.owner.json'), JSON.stringify({ host: 'podometer-fast-1-0-abcde', pid: 1 }));
  const anHourAgoS = Date.now() / 1000 - 3600;
  utimesSync(join(left, '.owner.json'), anHourAgoS, anHourAgoS);
  const { exitCode, stderr } = await start(...METADATA).ended;
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /removed .*podometer-storage-abcdef, which a podometer that was killed had left/);
  assert.deepEqual(readdirSync(volume), []);
});
