/** What holds for the chart however its values are set. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { V1Deployment, V1MutatingWebhookConfiguration, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { readAggregatorConfig } from '../../aggregator/config.ts';
import { injectorSettings, readInjectorConfig } from '../../injector/config.ts';
import { aggregatorSettings } from '../../injector/controller/settings.ts';
import { podSecurityViolations } from '../../injector/inject/pod-security.ts';
import { IMAGE_MAIN, IMAGE_NODE } from '../../protocol/image.ts';
import { objectFaults } from '../kubernetes-schema.ts';
import { environmentOf } from './environment.ts';
import { foreignFaults, isForeign } from './foreign-schemas.ts';
import { CHART, helm, objectsIn, one, type Rendered, render, template } from './render.ts';
import { VALUE_SETS } from './value-sets.ts';

/** Beside the injector's own there is one of the C library's allocator. */
const KNOWN = new Set([
  'MALLOC_ARENA_MAX',
  ...Object.values(injectorSettings).map(({ variable }) => variable),
]);

test('helm lint finds nothing', async (t) => {
  const linted = await helm(t, ['lint', '--strict', CHART]);
  if (linted !== undefined) assert.equal(linted.exitCode, 0, linted.stdout);
});

for (const [name, values] of Object.entries(VALUE_SETS)) {
  test(`${name}: the chart's rules hold`, async (t) => {
    const rendered = await template(t, values);
    if (rendered === undefined) return;
    assert.equal(rendered.exitCode, 0, rendered.stderr);
    const objects = objectsIn(rendered.stdout);
    await t.test('every object is valid, with no field that nobody knows', () => areValid(objects));
    await t.test('the injector knows every variable and takes its value', () => isConfigured(objects));
    await t.test('pods are admissible under Pod Security restricted', () => areRestricted(objects));
    await t.test('no certificate, key or empty caBundle is rendered', () => holdsNoSecrets(objects));
    await t.test('names are unique and not too long', () => areNamed(objects));
    await t.test('a second render is byte for byte the same', (t) => isStable(t, values, rendered.stdout));
  });
}

async function areValid(objects: readonly Rendered[]): Promise<void> {
  for (const object of objects) {
    const faults = isForeign(object) ? foreignFaults(object) : await objectFaults(object);
    assert.deepEqual(faults, [], `${object.kind} ${object.metadata.name}`);
  }
}

function isConfigured(objects: readonly Rendered[]): void {
  const environment = environmentOf(objects);
  assert.deepEqual(
    Object.keys(environment).filter((variable) => !KNOWN.has(variable)),
    [],
  );
  const config = readInjectorConfig(environment);
  assert.equal(config.controller, 'on');
  // Aggregators are given theirs by the injector: they have to be right for them.
  const { keeper } = aggregatorSettings(config, config);
  readAggregatorConfig({ PODOMETER_NAMESPACE: 'team', ...keeper });
  assert.equal(config.webhookConfiguration, one(objects, 'MutatingWebhookConfiguration').metadata.name);
  assert.equal(config.service, one(objects, 'Service').metadata.name);
  const [container] = deploymentOf(objects).spec?.template.spec?.containers ?? [];
  const [node, ...rest] = container?.command ?? [];
  assert.deepEqual([node, ...rest.slice(-2)], [IMAGE_NODE, IMAGE_MAIN, 'injector']);
}

function areRestricted(objects: readonly Rendered[]): void {
  const specs = [deploymentOf(objects).spec?.template.spec, one<V1Pod>(objects, 'Pod').spec] as V1PodSpec[];
  for (const spec of specs) {
    assert.deepEqual(podSecurityViolations('restricted', { spec }), []);
    for (const { securityContext } of spec.containers) {
      assert.equal(securityContext?.readOnlyRootFilesystem, true);
    }
  }
}

/** What somebody else fills in must not be helm's: a rendered field, even an empty one, is. */
function holdsNoSecrets(objects: readonly Rendered[]): void {
  const isGiven = environmentOf(objects).PODOMETER_CERTIFICATE_MODE === 'given';
  const { webhooks = [] } = one<V1MutatingWebhookConfiguration>(objects, 'MutatingWebhookConfiguration');
  for (const { clientConfig } of webhooks) assert.equal('caBundle' in clientConfig, isGiven);
  for (const secret of objects.filter(({ kind }) => kind === 'Secret')) {
    assert.deepEqual(Object.keys(secret).sort(), ['apiVersion', 'kind', 'metadata', 'type']);
    assert.equal(secret.metadata.annotations?.['helm.sh/resource-policy'], 'keep');
  }
}

function areNamed(objects: readonly Rendered[]): void {
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  assert.deepEqual([...new Set(names)], names);
  for (const { metadata } of objects) assert.ok(metadata.name.length <= 63, metadata.name);
}

async function isStable(t: TestContext, values: object, first: string): Promise<void> {
  const again = await template(t, values);
  assert.equal(again?.stdout, first);
}

function deploymentOf(objects: readonly Rendered[]): V1Deployment {
  return one<V1Deployment>(objects, 'Deployment');
}

test('what people did not set is what the programs take by themselves', async (t) => {
  const objects = await render(t);
  if (objects === undefined) return;
  const environment = environmentOf(objects);
  const theChartsOwn = ['PODOMETER_CERTIFICATE_MODE', 'PODOMETER_CONTROLLER', 'PODOMETER_AGGREGATOR_POD'];
  for (const { variable, fallback } of Object.values(injectorSettings)) {
    if (fallback === undefined || !(variable in environment) || theChartsOwn.includes(variable)) continue;
    assert.equal(environment[variable], fallback, variable);
  }
});

test('names follow the release', async (t) => {
  const objects = await render(t, {}, 'tool');
  if (objects === undefined) return;
  assert.equal(deploymentOf(objects).metadata?.name, 'tool-podometer-injector');
  const { PODOMETER_CA_SECRET, PODOMETER_LEASE } = environmentOf(objects);
  assert.deepEqual(
    [PODOMETER_CA_SECRET, PODOMETER_LEASE],
    ['tool-podometer-ca', 'tool-podometer-controller'],
  );
});

test('labels of a user never change what the Service and the Deployment choose by', async (t) => {
  const objects = await render(t, VALUE_SETS['placed by hand']);
  if (objects === undefined) return;
  const { selector, template } = deploymentOf(objects).spec ?? {};
  assert.equal(template?.metadata?.labels?.tier, 'tools');
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) {
    assert.equal(template?.metadata?.labels?.[key], value);
  }
});

test('names that look like numbers stay names', async (t) => {
  const values = {
    fullnameOverride: '1e3',
    injector: { priorityClassName: '007' },
    certificates: { mode: 'cert-manager', secretName: '42' },
    aggregator: { forward: { url: 'http://store', authorizationSecret: { name: '1', key: '2' } } },
  };
  const outcome = await helm(t, ['template', '123', CHART, '--namespace', '7', '--values', '-'], values);
  if (outcome === undefined) return;
  assert.equal(outcome.exitCode, 0, outcome.stderr);
  await areValid(objectsIn(outcome.stdout));
});
