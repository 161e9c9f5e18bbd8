import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Value from 'typebox/value';
import {
  type MetricSetSpec,
  MetricSetSpec as MetricSetSpecSchema,
  type StorageStatus,
} from '../../../protocol/metric-set.ts';
import { type ApiServer, startApiServer } from '../../api-server/api-server.ts';
import { sendJson } from '../../api-server/fault.ts';
import type { StoredObject } from '../../api-server/object-store.ts';
import { podometer, startPodometer } from '../podometer.ts';
import { scratchFolder } from '../sample-history.ts';

const RESOURCE = 'podometer.dev/v1alpha1 metricsets';
const CLAIMS = 'v1 persistentvolumeclaims';

type MetricSetObject = StoredObject & { readonly spec: MetricSetSpec };
type Controller = (spec: MetricSetSpec) => readonly (StorageStatus | object)[];

/** A cluster whose controller gives each new MetricSet these states of `status`, one at every look. */
async function cluster(t: TestContext, controller: Controller) {
  const api = await startApiServer(t);
  api.store.define(RESOURCE);
  const specs: MetricSetSpec[] = [];
  const unfollow = api.store.follow(({ type, resource, object }) => {
    if (type !== 'ADDED' || resource !== RESOURCE) return;
    const { spec, metadata } = object as MetricSetObject;
    specs.push(spec);
    const states = [...controller(spec)];
    let status: object = {};
    const path = `/apis/podometer.dev/v1alpha1/namespaces/team/metricsets/${metadata.name}`;
    api.answers.set(`GET ${path}`, (_server, _call, response) => {
      status = states.shift() ?? status;
      sendJson(response, 200, { ...object, metadata: { ...metadata, generation: 1 }, status });
    });
  });
  t.after(unfollow);
  const file = join(scratchFolder(t), 'config');
  const server = { server: api.url, 'insecure-skip-tls-verify': true };
  writeFileSync(
    file,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: server }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'team' } }],
      'current-context': 'x',
    }),
  );
  return { api, specs, env: { KUBECONFIG: file } };
}

const left = (api: ApiServer) => api.store.list(RESOURCE).map(({ metadata }) => metadata.name);
const told = (storage: StorageStatus) => ({ observedGeneration: 1, storage });
const of = (phase: StorageStatus['phase'], more: StorageStatus = {}): object =>
  told({ ...(phase && { phase }), observedGeneration: 1, started: 1, runs: 1, measured: 0, ...more });
const iops = (value: number): StorageStatus => ({
  run: `run-of-${value}`,
  measured: 1,
  results: [
    { name: 'read.iops', unit: '1/s', value, better: 'higher' },
    { name: 'read.latency.p99', unit: 's', value: 1 / value, better: 'lower' },
  ],
});

test('a StorageClass is measured by a MetricSet that is followed to its end and deleted', async (t) => {
  const { api, specs, env } = await cluster(t, () => [
    {},
    of('Pending', { message: 'waits for its claim' }),
    of('Running'),
    of('Succeeded', iops(52_000)),
  ]);
  const { code, stdout, stderr } = await podometer(
    [
      'storage',
      '--class',
      'fast',
      '--size',
      '5Gi',
      '--profile',
      'randread',
      '--set',
      'jobs=2',
      '--tag',
      'a=b',
    ],
    { env },
  );
  assert.equal(code, 0, stderr);
  assert.equal(
    stdout,
    [
      'RESULT                fast',
      'read.iops         52,000/s',
      'read.latency.p99  0.019 ms',
      '',
      'fast: podometer show run-of-52000 -n team',
      '',
    ].join('\n'),
  );
  assert.deepEqual(specs, [
    {
      metrics: [
        {
          name: 'storage',
          tool: 'fio',
          volume: { claimTemplate: { storageClassName: 'fast', size: '5Gi' } },
          options: { profile: 'randread', jobs: 2 },
          runs: 1,
        },
      ],
      tags: { a: 'b', class: 'fast' },
    },
  ]);
  assert.ok(Value.Check(MetricSetSpecSchema, specs[0]));
  assert.deepEqual(stderr.split('\n'), [
    'podometer  fast: fio randread  waits for the controller',
    'podometer  fast: fio randread  pending: waits for its claim',
    'podometer  fast: fio randread  running',
    '',
  ]);
  assert.deepEqual(left(api), []);
});

test('several classes are measured one after the other, and compared', async (t) => {
  const { api, specs, env } = await cluster(t, ({ metrics }) => {
    const isFast = metrics?.[0]?.volume?.claimTemplate?.storageClassName === 'fast';
    return [of('Succeeded', iops(isFast ? 50_000 : 1000))];
  });
  const argv = ['storage', '--class', 'fast', '--class', 'slow', '--namespace', 'team'];
  const { stdout } = await podometer(argv, { env, columns: 100, colour: true });
  assert.match(stdout, /\[32m *50,000\/s/);
  assert.doesNotMatch(stdout, /\[32m *1,000\/s/);
  const plain = (await podometer([...argv, '--json'], { env })).stdout;
  const { classes } = JSON.parse(plain);
  assert.deepEqual(
    classes.map(({ storageClass, run }: { storageClass: string; run: string }) => [storageClass, run]),
    [
      ['fast', 'run-of-50000'],
      ['slow', 'run-of-1000'],
    ],
  );
  assert.equal(specs.length, 4);
  assert.deepEqual(left(api), []);
  const order = api.requests.filter((line) => /^(POST|DELETE)/.test(line)).map((line) => line.split(' ')[0]);
  assert.deepEqual(order.slice(0, 4), ['POST', 'DELETE', 'POST', 'DELETE']);
});

test('of several runs the medians are shown, and how many there were', async (t) => {
  const run = (measured: number, value: number, phase: StorageStatus['phase'] = 'Succeeded'): object =>
    of(phase, { ...iops(value), measured, runs: 3, started: measured });
  const { env } = await cluster(t, () => [run(1, 30), run(1, 30, 'Running'), run(2, 1000), run(3, 50)]);
  const argv = ['storage', '--class', 'fast', '--runs', '3'];
  const { stdout } = await podometer(argv, { env });
  assert.match(stdout, /^MEDIAN OF 3 RUNS +fast\nread\.iops +50\/s\n/);
  const { classes } = JSON.parse((await podometer([...argv, '--json'], { env })).stdout);
  assert.deepEqual([classes[0].runs, classes[0].results[0].value], [3, 50]);
});

test('a class that fails takes nothing away from the others, and is told in its column and below', async (t) => {
  const { api, env } = await cluster(t, ({ metrics }) => {
    const name = metrics?.[0]?.volume?.claimTemplate?.storageClassName;
    return [name === 'bad' ? of('Failed', { message: 'it is on fire' }) : of('Succeeded', iops(9))];
  });
  const argv = ['storage', '--class', 'fast', '--class', 'bad', '--class', 'slow'];
  const { code, stdout, stderr } = await podometer(argv, { env });
  assert.equal(code, 1);
  assert.match(stdout, /^RESULT +fast +bad +slow\nread\.iops +9\/s +failed +9\/s\n/);
  assert.match(stdout, /\nbad: failed: The run of MetricSet storage-bad-\w+ failed: it is on fire\n/);
  assert.match(stderr, /it is on fire \[PODO_TOOL_FAILED\]/);
  assert.deepEqual(left(api), []);
});

test('what was measured before the cluster failed is shown, and the next class is not begun', async (t) => {
  const { specs, api, env } = await cluster(t, ({ metrics }) => {
    const isFirst = metrics?.[0]?.volume?.claimTemplate?.storageClassName === 'fast';
    if (!isFirst) api.faults.add({ match: /GET .*metricsets/, status: 403 });
    return [of('Succeeded', iops(9))];
  });
  const argv = ['storage', '--class', 'fast', '--class', 'slow', '--class', 'third'];
  const { code, stdout, stderr } = await podometer(argv, { env });
  assert.equal(code, 2);
  assert.match(stdout, /read\.iops +9\/s +failed\n/);
  assert.match(stderr, /\[PODO_CLUSTER_REFUSED\]/);
  assert.equal(specs.length, 2);
});

test('--keep leaves the MetricSet with its claim', async (t) => {
  const { api, specs, env } = await cluster(t, () => [of('Succeeded', iops(5))]);
  const { stderr } = await podometer(['storage', '--class', 'fast', '--keep'], { env });
  const [name = ''] = left(api);
  assert.match(name, /^storage-fast-[0-9a-f]{6}$/);
  assert.match(stderr, new RegExp(`MetricSet ${name} is kept, with its claim`));
  assert.equal(specs[0]?.metrics?.[0]?.volume?.claimTemplate?.keep, true);
});

test('what fails is told in its own words, and what was made is deleted', async (t) => {
  const invalid = { type: 'Valid', status: 'False', message: 'metrics[0]: no such option' };
  let states: object[] = [of('Failed', { message: 'fio: No space left on device', run: 'run-1' })];
  const { api, env } = await cluster(t, () => states);
  const run = () => podometer(['storage', '--class', 'fast'], { env });
  const failed = await run();
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /failed: fio: No space left on device \[PODO_TOOL_FAILED\]\n.*show run-1/);
  states = [{ observedGeneration: 1, conditions: [invalid] }];
  assert.match((await run()).stderr, /not valid: metrics\[0\]: no such option \[PODO_BAD_REQUEST\]/);
  states = [];
  api.faults.add({ match: /GET .*metricsets/, status: 404, times: 1 });
  assert.match((await run()).stderr, /404.*\n {2}Somebody deleted it/);
  assert.deepEqual(left(api), []);
  api.faults.add({ match: /POST .*metricsets/, status: 403, times: 1 });
  assert.match((await run()).stderr, /403.*\[PODO_CLUSTER_REFUSED\]\n.*create metricsets\.podometer\.dev/);
});

test('an API server that is away for a moment does not end it, and a controller that never looks does', async (t) => {
  const { api, env } = await cluster(t, () => [of('Running'), of('Succeeded', iops(7))]);
  api.faults.add({ match: /GET .*metricsets/, status: 503, times: 1 });
  assert.equal((await podometer(['storage', '--class', 'fast'], { env })).code, 0);

  const silent = await cluster(t, () => []);
  let nowMs = 0;
  const clock = { monotonicMs: () => (nowMs += 20_000), wallMs: () => 0 };
  const { code, stderr } = await podometer(['storage', '--class', 'fast'], { env: silent.env, clock });
  assert.equal(code, 2);
  assert.match(stderr, /Nothing has looked at MetricSet .* for 60 s \[PODO_CONTROLLER_SILENT\]/);
  assert.deepEqual(left(silent.api), []);
});

test('Ctrl-C shows what was measured and deletes what it made, also with --keep, the claim as well', async (t) => {
  const { api, env } = await cluster(t, ({ metrics }) => {
    const isFirst = metrics?.[0]?.volume?.claimTemplate?.storageClassName === 'fast';
    return [isFirst ? of('Succeeded', iops(9)) : of('Running')];
  });
  // As the controller would.
  const unfollow = api.store.follow(({ type, resource, object }) => {
    if (type !== 'ADDED' || resource !== RESOURCE) return;
    const { name, uid = '' } = object.metadata;
    const metadata = { name: `podometer-${name}-fio`, namespace: 'team' };
    api.store.put(CLAIMS, { metadata: { ...metadata, labels: { 'podometer.dev/metric-set-uid': uid } } });
  });
  t.after(unfollow);
  const child = startPodometer(['storage', '--class', 'fast', '--class', 'slow', '--keep'], env);
  t.after(() => child.kill('SIGKILL'));
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  while (!api.requests.some((line) => /^GET .*storage-slow/.test(line))) await sleep(20);
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'exit'), [130, null], await stderr);
  assert.match(await stdout, /read\.iops +9\/s +failed\n[\s\S]*slow: failed: ended by SIGINT\n/);
  const kept = [...left(api), ...api.store.list(CLAIMS).map(({ metadata }) => metadata.name)];
  assert.equal(kept.length, 2);
  assert.ok(kept.every((name) => name?.includes('storage-fast-')));
});

test('options that belong to the other way of measuring are refused, and so are bad ones', async () => {
  const refusal = async (...argv: string[]) => (await podometer(['storage', ...argv])).stderr;
  assert.match(await refusal(), /needs something to measure/);
  assert.match(await refusal('/tmp', '--class', 'fast'), /\/tmp and --class were both given/);
  assert.match(await refusal('/tmp', '-n', 'team'), /--namespace goes with --class/);
  assert.match(await refusal('--class', 'fast', '--fio-job', 'x'), /--fio-job goes with a PATH/);
  assert.match(await refusal('--class', 'fast', '--size', '10q'), /no size of a claim/);
  assert.match(await refusal('--class', 'Fast!'), /names no StorageClass/);
  assert.match(await refusal('--class', 'fast', '--set', 'blah=1'), /fio has no option "blah"/);
  assert.match(await refusal('--class', 'fast', '--tool', 'blah'), /no storage tool/);
});
