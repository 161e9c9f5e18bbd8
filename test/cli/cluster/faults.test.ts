import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AGGREGATOR_POD, DEFAULT_PORT, STATUS_CONFIG_MAP } from '../../../protocol/names.ts';
import { testAuthority } from '../../test-authority.ts';
import { podometer } from '../podometer.ts';
import { sampleHistory, scratchFolder } from '../sample-history.ts';
import { NAMESPACE, type NamespaceDouble, namespaceDouble } from './namespace.ts';

/** What `podometer runs` says on stderr, having failed with 2. */
async function refusal({ env }: Pick<NamespaceDouble, 'env'>, ...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await podometer(['-n', NAMESPACE, 'runs', ...argv], { env });
  assert.deepEqual([code, stdout], [2, ''], stderr);
  assert.match(stderr, /^podometer: .+ \[PODO_\w+\]\n {2}\S.+\n$/);
  return stderr;
}

test('a kubeconfig that is missing, broken, without a context or without the one asked for is told', async (t) => {
  const folder = scratchFolder(t);
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return { env: { KUBECONFIG: join(folder, name) } };
  };
  assert.match(await refusal({ env: {} }), /no kubeconfig in ~\/.kube\/config.*\[PODO_CLUSTER_UNREACHABLE\]/);
  assert.match(await refusal({ env: { KUBECONFIG: '/nowhere' } }), /cannot be read: ENOENT/);
  assert.match(await refusal(file('bad', 'a: [')), /The kubeconfig cannot be read.*UNREACHABLE/);
  const context = { name: 'one', context: { cluster: 'c', user: 'u' } };
  const bare = { clusters: [], users: [], contexts: [context] };
  assert.match(await refusal(file('none', JSON.stringify(bare))), /has no current context/);
  assert.match(
    await refusal(file('two', JSON.stringify(bare)), '--context', 'two'),
    /no context "two" \[PODO_USAGE\]\n {2}It has one\./,
  );
  assert.match(
    await refusal(file('three', JSON.stringify(bare)), '--context', 'one'),
    /names a cluster that/,
  );
});

test('of several kubeconfigs the first that has a name counts, and --context chooses', async (t) => {
  const double = await namespaceDouble(t, await sampleHistory(t, [{ n: 1 }]));
  const first = join(scratchFolder(t), 'first');
  const other = { name: 'other', context: { cluster: 'c', user: 'u', namespace: 'nowhere' } };
  writeFileSync(first, JSON.stringify({ contexts: [other], 'current-context': 'other' }));
  const env = { KUBECONFIG: `${first}:${double.env.KUBECONFIG}` };
  assert.match((await podometer(['runs', '--context', 'other'], { env })).stderr, /no namespace "nowhere"/);
  assert.match((await podometer(['--context=here', 'runs'], { env })).stdout, /^RUN .*\ntrain@1 /);
  const named = await podometer(['runs', '--kubeconfig', double.env.KUBECONFIG ?? ''], { env: {} });
  assert.match(named.stdout, /train@1/);
});

test('a cluster that is not there, and one that refuses, are told apart', async (t) => {
  const double = await namespaceDouble(t);
  double.api.faults.add({ match: /configmaps/, status: 401, times: 1 });
  assert.match(await refusal(double), /does not know who you are: 401.*\[PODO_CLUSTER_REFUSED\]/);
  double.api.faults.add({ match: /configmaps/, status: 403, times: 1 });
  assert.match(await refusal(double), /refused ConfigMap team\/podometer-status: 403 a fault/);
  double.api.faults.add({ match: /GET .*\/pods\//, status: 403, times: 1 });
  assert.match(await refusal(double), /refused pod team\/podometer-aggregator-0: 403/);
  double.api.faults.add({ match: /configmaps/, isCut: true, times: 1 });
  assert.match(await refusal(double), /does not answer: UND_ERR_SOCKET \[PODO_CLUSTER_UNREACHABLE\]/);
  double.forwards.refusal = 403;
  assert.match(await refusal(double), /a port-forward to pod team\/.*403.*\n.*pods\/portforward/);
  await double.stop();
  await double.api.close();
  assert.match(await refusal(double), /does not answer: ECONNREFUSED/);
});

test('no such namespace, a namespace without an aggregator, and one whose aggregator is not ready are told', async (t) => {
  const double = await namespaceDouble(t);
  const { api } = double;
  const { stderr } = await podometer(['runs', '-n', 'taem'], { env: double.env });
  assert.match(stderr, /no namespace "taem" \[PODO_NAMESPACE_NOT_FOUND\]/);

  double.ready(false, {
    containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }],
  });
  assert.match(
    await refusal(double),
    /not ready: ImagePullBackOff: no such image \[PODO_AGGREGATOR_NOT_READY/,
  );
  double.ready(false, {
    conditions: [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
    ],
  });
  assert.match(await refusal(double), /not ready: Unschedulable: 0\/3 nodes are available/);
  double.ready(false);
  assert.match(await refusal(double), /its pod is Pending, and not yet answering/);
  api.store.remove('v1 pods', NAMESPACE, AGGREGATOR_POD);
  assert.match(await refusal(double), /not ready: it has no pod at this moment/);

  api.store.remove('v1 configmaps', NAMESPACE, STATUS_CONFIG_MAP);
  assert.match(await refusal(double), /Namespace team has no aggregator \[PODO_AGGREGATOR_NOT_FOUND\]/);
  api.faults.add({ match: /GET \/api\/v1\/namespaces\/team(\?|$)/, status: 403 });
  assert.match(await refusal(double), /has no aggregator/);
});

test('nothing is sent to an aggregator whose certificate is not of the authority or for another name', async (t) => {
  const double = await namespaceDouble(t);
  const { api } = double;
  const asked = () => api.requests.filter((line) => line.includes('tokenreviews')).length;
  await double.start(['podometer-aggregator.other.svc']);
  assert.match(await refusal(double), /not to be trusted: .*altnames.* \[PODO_AGGREGATOR_UNTRUSTED\]/);
  await double.start();
  const other = await testAuthority();
  const publish = (data: object) =>
    api.store.put('v1 configmaps', {
      metadata: { name: STATUS_CONFIG_MAP, namespace: NAMESPACE },
      data,
    } as object as { metadata: object });
  publish({ 'ca.crt': other.ca });
  assert.match(await refusal(double), /not to be trusted/);
  publish({});
  assert.match(await refusal(double), /has no ca\.crt.*\[PODO_AGGREGATOR_UNTRUSTED\]/);
  assert.equal(asked(), 0);
});

test('an aggregator that does not listen, or ends before it answers, is told', async (t) => {
  const double = await namespaceDouble(t);
  const { forwards } = double;
  const place = `${NAMESPACE}/${AGGREGATOR_POD}:${DEFAULT_PORT}`;
  forwards.targets.set(place, 1);
  assert.match(await refusal(double), /forwarding 7463: connect ECONNREFUSED.*\[PODO_AGGREGATOR_FAILED\]/);
  forwards.targets.delete(place);
  assert.match(await refusal(double), /port-forward to pod .*404.*\n.*replaced just now/);

  await double.start();
  double.api.faults.add({ match: /tokenreviews/, delayMs: 200 });
  const cut = setInterval(() => forwards.cut(), 20);
  t.after(() => clearInterval(cut));
  assert.match(await refusal(double), /The connection to the aggregator of namespace team broke.*FAILED\]/);
});

test('what roles do not allow is told in the words of the aggregator', async (t) => {
  const double = await namespaceDouble(t, await sampleHistory(t, [{ n: 1 }]));
  const { env } = double;
  await double.user({ token: 'reader-token' });
  assert.equal((await podometer(['runs', '-n', NAMESPACE], { env })).code, 0);
  const removal = await podometer(['delete', 'train@1', '--yes', '-n', NAMESPACE], { env });
  assert.match(removal.stderr, /rita may not delete runs\.podometer\.dev in team \[PODO_FORBIDDEN\]/);
  const backup = await podometer(['backup', 'x', '-n', NAMESPACE], { env, cwd: scratchFolder(t) });
  assert.match(backup.stderr, /rita may not backup runs\.podometer\.dev in team/);
  await double.user({ token: 'unknown' });
  assert.match(await refusal(double), /does not know the token \[PODO_UNAUTHORIZED\]/);
});
