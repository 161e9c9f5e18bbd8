/** Which pods reach the injector, and that none is kept from running by it. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { V1MutatingWebhook, V1MutatingWebhookConfiguration } from '@kubernetes/client-node';
import { PROFILE_LABEL } from '../../protocol/names.ts';
import { one, type Rendered, render } from './render.ts';

const KIND = 'MutatingWebhookConfiguration';

async function webhookOf(t: TestContext, values: object = {}): Promise<V1MutatingWebhook | undefined> {
  const objects = await render(t, values);
  if (objects === undefined) return undefined;
  const { webhooks = [] } = one<V1MutatingWebhookConfiguration>(objects, KIND);
  assert.equal(webhooks.length, 1);
  return webhooks[0];
}

test('the webhook never stands in the way of a pod', async (t) => {
  const webhook = await webhookOf(t);
  if (webhook === undefined) return;
  const { failurePolicy, sideEffects, timeoutSeconds = 30, reinvocationPolicy, rules } = webhook;
  assert.deepEqual([failurePolicy, sideEffects, reinvocationPolicy], ['Ignore', 'NoneOnDryRun', 'Never']);
  assert.ok(timeoutSeconds <= 5);
  assert.deepEqual(rules, [
    {
      apiGroups: [''],
      apiVersions: ['v1'],
      operations: ['CREATE'],
      resources: ['pods'],
      scope: 'Namespaced',
    },
  ]);
});

test('no pod of kube-system, of its own namespace or of an excluded one reaches it', async (t) => {
  const webhook = await webhookOf(t, { webhook: { excludedNamespaces: ['data', 'kube-system', '007'] } });
  if (webhook === undefined) return;
  assert.deepEqual(webhook.namespaceSelector?.matchExpressions, [
    {
      key: 'kubernetes.io/metadata.name',
      operator: 'NotIn',
      values: ['kube-system', 'podometer-system', 'data', '007'],
    },
  ]);
});

test('a labelled pod reaches it from a namespace that is not enabled too, for the injector says why it is left alone', async (t) => {
  const [all, chosen] = [
    await webhookOf(t),
    await webhookOf(t, { webhook: { namespaceSelector: 'enabled' } }),
  ];
  if (all === undefined || chosen === undefined) return;
  assert.deepEqual(chosen.namespaceSelector, all.namespaceSelector);
});

test('no pod without the label reaches it', async (t) => {
  const webhook = await webhookOf(t);
  if (webhook === undefined) return;
  const [condition, ...others] = webhook.matchConditions ?? [];
  assert.deepEqual(others, []);
  // In words: there are labels, the label is one of them, and it is 'true'. Each part guards the next from an error.
  assert.deepEqual(condition?.expression.split(' && '), [
    'has(object.metadata.labels)',
    `'${PROFILE_LABEL}' in object.metadata.labels`,
    `object.metadata.labels['${PROFILE_LABEL}'] == 'true'`,
  ]);
});

test('it is an ordinary object of the release, so that it is gone with it even where the injector is dead', async (t) => {
  const objects = await render(t);
  if (objects === undefined) return;
  const hooks = objects.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] !== undefined);
  assert.deepEqual(
    hooks.map(({ kind, metadata }: Rendered) => `${kind} ${metadata.annotations?.['helm.sh/hook']}`),
    ['Pod test'],
  );
  assert.equal(one(objects, KIND).metadata.annotations, undefined);
});

test('cert-manager is asked to write the caBundle from the Certificate that the chart renders', async (t) => {
  const objects = await render(t, { certificates: { mode: 'cert-manager' } });
  if (objects === undefined) return;
  const { metadata } = one(objects, 'Certificate');
  assert.equal(
    one(objects, KIND).metadata.annotations?.['cert-manager.io/inject-ca-from'],
    `${metadata.namespace}/${metadata.name}`,
  );
});

test('a given caBundle reaches the API server byte for byte', async (t) => {
  const caBundle = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';
  const given = { certificates: { mode: 'given', secretName: 'ours' }, webhook: { caBundle } };
  const webhook = await webhookOf(t, given);
  if (webhook === undefined) return;
  assert.equal(Buffer.from(webhook.clientConfig.caBundle ?? '', 'base64').toString(), caBundle);
});
