import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AGGREGATOR_POD, DEFAULT_PORT } from '../../../protocol/names.ts';
import { podometer } from '../podometer.ts';
import { sampleHistory, scratchFolder } from '../sample-history.ts';
import { NAMESPACE, type NamespaceDouble, namespaceDouble } from './namespace.ts';

/** A kubectl that forwards to the aggregator of the double, or does what `program` says in its place. */
function kubectl(t: TestContext, { env, forwards }: NamespaceDouble, program?: string) {
  const folder = scratchFolder(t);
  const target = forwards.targets.get(`${NAMESPACE}/${AGGREGATOR_POD}:${DEFAULT_PORT}`);
  const forward = `
    const { connect, createServer } = require('node:net');
    const server = createServer((from) => from.pipe(connect(${target}, '127.0.0.1')).pipe(from));
    server.listen(0, '127.0.0.1', () => {
      console.log('Forwarding from 127.0.0.1:' + server.address().port + ' -> ${DEFAULT_PORT}');
    });`;
  const file = join(folder, 'kubectl');
  const calls = join(folder, 'calls');
  const note = `require('node:fs').appendFileSync('${calls}', process.argv.slice(2).join(' ') + '\\n');`;
  writeFileSync(file, `#!${process.execPath}\n${note}\n${program ?? forward}\n`);
  chmodSync(file, 0o755);
  return {
    env: { ...env, PATH: `${folder}${delimiter}${process.env.PATH}` },
    calls: () => readFileSync(calls, 'utf8').trim().split('\n'),
  };
}

for (const refusal of [101, 400, 502]) {
  test(`where a WebSocket is answered with ${refusal}, kubectl forwards, once for all that a command asks`, async (t) => {
    const double = await namespaceDouble(t, await sampleHistory(t, [{ n: 1 }]));
    double.forwards.refusal = refusal;
    const { env, calls } = kubectl(t, double);
    const { code, stdout, stderr } = await podometer(['-n', NAMESPACE, 'show', 'train@1'], { env });
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /train@1/);
    const what = `port-forward --address 127.0.0.1 --namespace ${NAMESPACE} pod/${AGGREGATOR_POD} :${DEFAULT_PORT}`;
    assert.deepEqual(calls(), [`--context here ${what}`]);
    const upgrades = double.api.requests.filter((line) => line.includes('/portforward'));
    assert.equal(upgrades.length, 1, 'what was refused once is not asked for again');
  });
}

test('the kubeconfig that was named is named to kubectl too', async (t) => {
  const double = await namespaceDouble(t, await sampleHistory(t, [{ n: 1 }]));
  double.forwards.refusal = 400;
  const { env, calls } = kubectl(t, double);
  const file = double.env.KUBECONFIG ?? '';
  const argv = ['-n', NAMESPACE, 'runs', '--kubeconfig', file, '--context', 'elsewhere'];
  const { code, stderr } = await podometer(argv, { env: { PATH: env.PATH } });
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(calls()[0] ?? '', new RegExp(`^--kubeconfig ${file} --context elsewhere port-forward`));
});

test('without kubectl, and where kubectl fails, it is told what to do', async (t) => {
  const double = await namespaceDouble(t);
  double.forwards.refusal = 400;
  const runs = (env: NodeJS.ProcessEnv) => podometer(['-n', NAMESPACE, 'runs'], { env });
  const alone = await runs({ ...double.env, PATH: scratchFolder(t) });
  assert.equal(alone.code, 2);
  assert.match(
    alone.stderr,
    /refused a port-forward to pod team\/\S+: 400 \[PODO_CLUSTER_REFUSED\]\n {2}.*kubectl/,
  );
  const failing = kubectl(
    t,
    double,
    `console.error('error: pods are not to be forwarded'); process.exit(1);`,
  );
  const failed = await runs(failing.env);
  assert.equal(failed.code, 2);
  assert.match(
    failed.stderr,
    /kubectl port-forward ended: error: pods are not to.*\[PODO_AGGREGATOR_FAILED\]/,
  );
});

test('a port-forward that the API server itself refuses is not tried with kubectl', async (t) => {
  const double = await namespaceDouble(t);
  double.forwards.refusal = 403;
  const { env } = kubectl(t, double, `process.stderr.write('called'); process.exit(1);`);
  const { stderr } = await podometer(['-n', NAMESPACE, 'runs'], { env });
  assert.match(stderr, /403.*\n.*pods\/portforward/);
});
