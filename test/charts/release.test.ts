/**
 * A release's life with the real helm, which applies server-side and forces nothing, and the real injector with the
 * environment and the rights that the chart renders, on an API server double that knows who owns which field.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { V1MutatingWebhookConfiguration, V1Pod } from '@kubernetes/client-node';
import { AGGREGATOR_NAME } from '../../protocol/names.ts';
import { until } from '../injector/cluster/viewing.ts';
import { Authorizer } from './authorizer.ts';
import {
  authorityOf,
  CONFIGURATIONS,
  caBundleOf,
  filledIn,
  install,
  PLAIN,
  release,
  STATEFUL_SETS,
  startCluster,
  startInjector,
  TEAM,
} from './installing.ts';
import { CHART, one, RELEASE_NAMESPACE, render, run } from './render.ts';

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
  const { healthPort } = await startInjector(t, server);
  const url = `http://127.0.0.1:${healthPort}/readyz`;
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
