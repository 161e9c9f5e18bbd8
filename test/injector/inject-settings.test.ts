import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInjectorConfig } from '../../injector/config.ts';
import type { InjectSettings } from '../../injector/inject/settings.ts';
import { injectSettings } from '../../injector/inject-settings.ts';

const least = { PODOMETER_NAMESPACE: 'podometer', PODOMETER_IMAGE: 'podometer:1' };

function settings(env: Record<string, string> = {}): InjectSettings {
  return injectSettings(readInjectorConfig({ ...least, ...env }), '1.2.3', 'podometer');
}

test('an image and a namespace are enough', () => {
  assert.deepEqual(settings(), {
    version: '1.2.3',
    image: 'podometer:1',
    imagePullPolicy: 'IfNotPresent',
    ownNamespace: 'podometer',
    excludedNamespaces: [],
    namespaceSelector: 'all',
    interval: '1s',
    metrics: 'performance,time,pressure',
    resources: { cpuRequest: '20m', cpuLimit: '100m', memoryRequest: '64Mi', memoryLimit: '128Mi' },
    defaultPodSecurity: 'privileged',
    aggregatorUrl: 'https://podometer-aggregator.NAMESPACE.svc:7463',
    ca: undefined,
  });
});

test('intervals and metrics stay as they were written, and `none` is no aggregator', () => {
  const { interval, metrics, aggregatorUrl, excludedNamespaces } = settings({
    PODOMETER_INTERVAL: '500ms',
    PODOMETER_METRICS: 'storage:volumes=off',
    PODOMETER_AGGREGATOR_URL: 'none',
    PODOMETER_EXCLUDED_NAMESPACES: 'a, b',
  });
  assert.deepEqual(
    [interval, metrics, aggregatorUrl, excludedNamespaces],
    ['500ms', 'storage:volumes=off', undefined, ['a', 'b']],
  );
});

test('a variable that breaks its rule is named', () => {
  const wrong: Record<string, string> = {
    PODOMETER_IMAGE: '',
    PODOMETER_INTERVAL: 'often',
    PODOMETER_METRICS: 'everything',
    PODOMETER_CPU_REQUEST: '20 millis',
    PODOMETER_DEFAULT_POD_SECURITY: 'strict',
    PODOMETER_AGGREGATOR_URL: 'aggregator',
    PODOMETER_PORT: '70000',
  };
  for (const [variable, value] of Object.entries(wrong)) {
    const message = new RegExp(variable);
    assert.throws(() => settings({ [variable]: value }), { code: 'PODO_BAD_CONFIG', message });
  }
});
