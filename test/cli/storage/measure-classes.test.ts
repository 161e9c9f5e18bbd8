import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
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

test('--keep leaves the MetricSet', async (t) => {
  const { api, env } = await cluster(t, () => [of('Succeeded', iops(5))]);
  const { stderr } = await podometer(['storage', '--class', 'fast', '--keep'], { env });
  const [name = ''] = left(api);
  assert.match(name, /^storage-fast-[0-9a-f]{6}$/);
  assert.match(stderr, new RegExp(`MetricSet ${name} is kept`));
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

test('Ctrl-C deletes what it made, also with --keep', async (t) => {
  const { api, env } = await cluster(t, () => [of('Running')]);
  const child = startPodometer(['storage', '--class', 'fast', '--keep'], env);
  t.after(() => child.kill('SIGKILL'));
  const stderr = text(child.stderr);
  while (!api.requests.some((line) => line.startsWith('GET '))) await new Promise((r) => setTimeout(r, 20));
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'exit'), [130, null], await stderr);
  assert.deepEqual(left(api), []);
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
  assert.match(await refusal('--class', 'fast', '--tool', 'dd'), /no storage tool/);
});
