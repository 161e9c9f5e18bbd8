/** A release in an API server double, made by the real helm, and its injector with the chart's environment. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { V1MutatingWebhookConfiguration, V1Secret } from '@kubernetes/client-node';
import { readInjectorConfig } from '../../injector/config.ts';
import { runInjector } from '../../injector/main.ts';
import { systemClock } from '../../lib/clock.ts';
import { ApiAccess } from '../../lib/cluster/api-access.ts';
import { AGGREGATOR_NAME } from '../../protocol/names.ts';
import { type ApiServer, startApiServer } from '../api-server/api-server.ts';
import { until } from '../injector/cluster/viewing.ts';
import { conditions, putDefaultClass, putNamespace, putPod } from '../injector/controller/controlling.ts';
import { environmentOf } from './environment.ts';
import { CHART, helm, type Outcome, RELEASE_NAMESPACE, render } from './render.ts';

export const CONFIGURATIONS = 'admissionregistration.k8s.io/v1 mutatingwebhookconfigurations';
export const STATEFUL_SETS = 'apps/v1 statefulsets';
export const TEAM = 'team';

export async function startCluster(t: TestContext): Promise<ApiServer> {
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

export function release(
  t: TestContext,
  server: ApiServer,
  args: readonly string[],
): Promise<Outcome | undefined> {
  const where = ['--namespace', RELEASE_NAMESPACE, '--kube-apiserver', server.url, '--kube-token', 'a-token'];
  return helm(t, [...args, ...where]);
}

/** Whether it could be tried: there is a helm. */
export async function install(t: TestContext, server: ApiServer): Promise<boolean> {
  const made = await release(t, server, ['install', 'podometer', CHART, ...PLAIN]);
  if (made !== undefined) assert.equal(made.exitCode, 0, made.stderr);
  return made !== undefined;
}

/** The double serves no schemas and waits for no definition. */
export const PLAIN = ['--skip-crds', '--disable-openapi-validation'];

/** Of the webhook, and of the probes. */
export interface InjectorPorts {
  readonly port: number;
  readonly healthPort: number;
}

/** One replica, until the test ends. */
export async function startInjector(
  t: TestContext,
  server: ApiServer,
  values: object = {},
): Promise<InjectorPorts> {
  const stop = new AbortController();
  const listening = Promise.withResolvers<InjectorPorts>();
  const ended = runInjector({
    config: readInjectorConfig({
      ...environmentOf((await render(t, values)) ?? []),
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
    onListening: listening.resolve,
    certificateEveryMs: 10,
  });
  t.after(async () => {
    stop.abort();
    await ended;
  });
  return listening.promise;
}

export async function isReady(healthPort: number): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${healthPort}/readyz`)).ok;
}

export function caBundleOf(server: ApiServer): string | undefined {
  const found = server.store.get(CONFIGURATIONS, undefined, 'podometer') as V1MutatingWebhookConfiguration;
  return found.webhooks?.[0]?.clientConfig.caBundle;
}

export function authorityOf(server: ApiServer): V1Secret['data'] {
  return (server.store.get('v1 secrets', RELEASE_NAMESPACE, 'podometer-ca') as V1Secret | undefined)?.data;
}

/** A release whose injector has filled in what is its own, with one namespace that is measured. */
export async function filledIn(t: TestContext, server: ApiServer): Promise<void> {
  putDefaultClass(server);
  putNamespace(server, TEAM);
  putPod(server, TEAM, 'a-pod');
  const { healthPort } = await startInjector(t, server);
  await until(() => isReady(healthPort));
  await until(() => server.store.get(STATEFUL_SETS, TEAM, AGGREGATOR_NAME) !== undefined);
  await until(() => conditions(server, TEAM).includes('CertificateValid=True Issued'));
}
