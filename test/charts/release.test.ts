/**
 * A release's life with the real helm, which applies server-side and forces nothing, and the real injector with the
 * environment and the rights that the chart renders, on an API server double that knows who owns which field.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { V1MutatingWebhookConfiguration, V1Pod, V1Secret } from '@kubernetes/client-node';
import { readInjectorConfig } from '../../injector/config.ts';
import { runInjector } from '../../injector/main.ts';
import { systemClock } from '../../lib/clock.ts';
import { ApiAccess } from '../../lib/cluster/api-access.ts';
import { AGGREGATOR_NAME } from '../../protocol/names.ts';
import { type ApiServer, startApiServer } from '../api-server/api-server.ts';
import { until } from '../injector/cluster/viewing.ts';
import { conditions, putDefaultClass, putNamespace, putPod } from '../injector/controller/controlling.ts';
import { Authorizer } from './authorizer.ts';
import { environmentOf } from './environment.ts';
import { CHART, helm, type Outcome, one, RELEASE_NAMESPACE, render, run } from './render.ts';

const CONFIGURATIONS = 'admissionregistration.k8s.io/v1 mutatingwebhookconfigurations';
const STATEFUL_SETS = 'apps/v1 statefulsets';
const TEAM = 'team';

async function startCluster(t: TestContext): Promise<ApiServer> {
  const server = await startApiServer(t);
  for (const resource of [
    'apps/v1 deployments',
    'rbac.authorization.k8s.io/v1 clusterroles',
    'podometer.dev/v1alpha1 metricsets',
  ]) {
    server.store.define(resource);
  }
  putNamespace(server, RELEASE_NAMESPACE);
  return server;
}

function release(t: TestContext, server: ApiServer, args: readonly string[]): Promise<Outcome | undefined> {
  const where = ['--namespace', RELEASE_NAMESPACE, '--kube-apiserver', server.url, '--kube-token', 'a-token'];
  return helm(t, [...args, ...where]);
}

/** Whether it could be tried: there is a helm. */
async function install(t: TestContext, server: ApiServer): Promise<boolean> {
  const made = await release(t, server, ['install', 'podometer', CHART, ...PLAIN]);
  if (made !== undefined) assert.equal(made.exitCode, 0, made.stderr);
  return made !== undefined;
}

/** The double serves no schemas and waits for no definition. */
const PLAIN = ['--skip-crds', '--disable-openapi-validation'];

/** One replica, until the test ends. Resolves to the port of its probes. */
async function startInjector(t: TestContext, server: ApiServer): Promise<number> {
  const stop = new AbortController();
  const listening = Promise.withResolvers<number>();
  const ended = runInjector({
    config: readInjectorConfig({
      ...environmentOf((await render(t)) ?? []),
      PODOMETER_HOST: '127.0.0.1',
      PODOMETER_PORT: '0',
      PODOMETER_HEALTH_PORT: '0',
      PODOMETER_DRAIN: '0ms',
    }),
    version: '0.0.0',
    cluster: server.configure(new ApiAccess(systemClock)),
    clock: systemClock,
    log: () => {},
    stop: stop.signal,
    onListening: ({ healthPort }) => listening.resolve(healthPort),
    certificateEveryMs: 10,
  });
  t.after(async () => {
    stop.abort();
    await ended;
  });
  return listening.promise;
}

async function isReady(port: number): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
}

function caBundleOf(server: ApiServer): string | undefined {
  const found = server.store.get(CONFIGURATIONS, undefined, 'podometer') as V1MutatingWebhookConfiguration;
  return found.webhooks?.[0]?.clientConfig.caBundle;
}

function authorityOf(server: ApiServer): V1Secret['data'] {
  return (server.store.get('v1 secrets', RELEASE_NAMESPACE, 'podometer-ca') as V1Secret | undefined)?.data;
}

/** A release whose injector has filled in what is its own, with one namespace that is measured. */
async function filledIn(t: TestContext, server: ApiServer): Promise<void> {
  putDefaultClass(server);
  putNamespace(server, TEAM);
  putPod(server, TEAM, 'a-pod');
  const port = await startInjector(t, server);
  await until(() => isReady(port));
  await until(() => server.store.get(STATEFUL_SETS, TEAM, AGGREGATOR_NAME) !== undefined);
  await until(() => conditions(server, TEAM).includes('CertificateValid=True Issued'));
}

test('the injector does its work with the environment and the rights of the chart, and is ready then', async (t) => {
  const server = await startCluster(t);
  if (!(await install(t, server))) return;
  assert.equal(caBundleOf(server), undefined);
  assert.equal(authorityOf(server), undefined);
  const from = server.requests.length;
  await filledIn(t, server);
  const authorizer = new Authorizer((await render(t)) ?? [], 'podometer-injector');
  const asked = [...new Set(server.requests.slice(from))];
  assert.ok(asked.some((line) => line.startsWith('PATCH /apis/apps/v1/namespaces/team/statefulsets/')));
  assert.deepEqual(
    asked.flatMap((line) => authorizer.refusals(line)),
    [],
  );
});

test('helm test tells what is missing, and succeeds once the injector is ready', async (t) => {
  const objects = await render(t);
  if (objects === undefined) return;
  const [container] = one<V1Pod>(objects, 'Pod').spec?.containers ?? [];
  const [, ...args] = container?.command ?? [];
  assert.equal(args.pop(), `http://podometer-injector.${RELEASE_NAMESPACE}.svc:8081/readyz`);
  const server = await startCluster(t);
  const url = `http://127.0.0.1:${await startInjector(t, server)}/readyz`;
  const ask = () => run(process.execPath, [...args, url]);
  const refused = await ask();
  assert.equal(refused.exitCode, 1, refused.stderr);
  assert.match(refused.stdout, /there is no Secret podometer-ca in podometer-system/);
  assert.ok(await install(t, server));
  await until(async () => (await ask()).exitCode === 0);
});

test('an upgrade leaves the caBundle and the authority that were filled in, and has no conflict with them', async (t) => {
  const server = await startCluster(t);
  if (!(await install(t, server))) return;
  await filledIn(t, server);
  const [caBundle, authority] = [caBundleOf(server), authorityOf(server)];
  assert.ok(caBundle !== undefined && authority?.['tls.key'] !== undefined);
  const more = ['--set', 'webhook.timeoutSeconds=3', '--set', 'injector.replicas=3'];
  const upgraded = await release(t, server, ['upgrade', 'podometer', CHART, ...PLAIN, ...more]);
  assert.equal(upgraded?.exitCode, 0, upgraded?.stderr);
  const { webhooks = [] } = server.store.get(
    CONFIGURATIONS,
    undefined,
    'podometer',
  ) as V1MutatingWebhookConfiguration;
  assert.equal(webhooks[0]?.timeoutSeconds, 3);
  assert.equal(caBundleOf(server), caBundle);
  assert.deepEqual(authorityOf(server), authority);
});

test('a chart that rendered even an empty caBundle would break the next upgrade', async (t) => {
  const server = await startCluster(t);
  if (!(await install(t, server))) return;
  await filledIn(t, server);
  const chart = mkdtempSync(join(tmpdir(), 'podometer-chart-'));
  t.after(() => rmSync(chart, { recursive: true }));
  cpSync(CHART, chart, { recursive: true });
  const file = join(chart, 'templates/webhook.yaml');
  const changed = readFileSync(file, 'utf8').replace(
    'clientConfig:\n',
    'clientConfig:\n      caBundle: ""\n',
  );
  writeFileSync(file, changed);
  const upgraded = await release(t, server, ['upgrade', 'podometer', chart, ...PLAIN]);
  assert.equal(upgraded?.exitCode, 1);
  assert.match(upgraded?.stderr ?? '', /conflict.*caBundle/);
});

test('uninstalling takes the webhook away first, and leaves the history and the authority', async (t) => {
  const server = await startCluster(t);
  if (!(await install(t, server))) return;
  await filledIn(t, server);
  const authority = authorityOf(server);
  const from = server.requests.length;
  const gone = await release(t, server, ['uninstall', 'podometer']);
  assert.equal(gone?.exitCode, 0, gone?.stderr);
  const deleted = server.requests.slice(from).filter((line) => line.startsWith('DELETE'));
  assert.match(deleted[0] ?? '', /mutatingwebhookconfigurations\/podometer/);
  assert.match(gone?.stdout ?? '', /kept due to the resource policy:\n\[Secret\] podometer-ca/);
  assert.deepEqual(authorityOf(server), authority);
  for (const [resource, name] of [
    [STATEFUL_SETS, AGGREGATOR_NAME],
    ['v1 persistentvolumeclaims', AGGREGATOR_NAME],
    ['v1 secrets', `${AGGREGATOR_NAME}-tls`],
  ] as const) {
    assert.ok(server.store.get(resource, TEAM, name) !== undefined, resource);
  }
  assert.equal(server.store.get('apps/v1 deployments', RELEASE_NAMESPACE, 'podometer-injector'), undefined);
});
