import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { admitPod, type Injection } from '../../../injector/inject/admit.ts';
import { skipReasons } from '../../../injector/inject/skip-reasons.ts';
import { applyPatch } from './apply-patch.ts';
import { containerWith, podWith, requestOf } from './injection-case.ts';

function injected(pod: V1Pod): Injection {
  const answer = admitPod(requestOf({ pod }));
  assert.equal(answer.kind, 'inject');
  return answer as Injection;
}

test('a pod that another injector changed after us is not changed again', () => {
  const pod = applyPatch(podWith(), injected(podWith()).patch);
  const mesh = containerWith({ name: 'istio-proxy', restartPolicy: 'Always' });
  const after: V1Pod = {
    ...pod,
    spec: {
      containers: [...(pod.spec?.containers ?? []), containerWith({ name: 'vault-agent' })],
      initContainers: [mesh, ...(pod.spec?.initContainers ?? [])],
      volumes: [...(pod.spec?.volumes ?? []), { name: 'mesh', emptyDir: {} }],
    },
  };
  assert.deepEqual(admitPod(requestOf({ pod: after })), {
    kind: 'skip',
    reason: 'already-injected',
    warning: undefined,
  });
});

test('annotations copied from an injected pod do not stand for the agent', () => {
  assert.equal(injected(podWith({}, { annotations: { 'podometer.dev/injected': '1.0.0' } })).kind, 'inject');
});

test('a manifest’s empty fields and bare numbers are taken as the API server takes them', () => {
  const limits = { cpu: 1, memory: 1073741824 };
  const pod = {
    metadata: { labels: { 'podometer.dev/profile': 'true' }, annotations: null },
    spec: {
      containers: [{ name: 'app', resources: { limits, requests: limits }, securityContext: null }],
      initContainers: null,
      volumes: null,
      securityContext: null,
    },
  } as unknown as V1Pod;
  const { spec } = applyPatch(pod, injected(pod).patch);
  assert.deepEqual(spec?.initContainers?.[0]?.resources, {
    requests: { cpu: '100m', memory: '128Mi' },
    limits: { cpu: '100m', memory: '128Mi' },
  });
  assert.equal(spec?.volumes?.length, 2);
});

test('the identity is told beside the patch', () => {
  const { identity } = injected(podWith({}, { name: 'solver' }));
  assert.deepEqual(identity, {
    kind: 'Pod',
    name: 'solver',
    run: { fieldPath: 'metadata.uid' },
    rank: undefined,
    tags: {},
  });
});

test('a warning names what is wrong and the way out', () => {
  const labels = { 'pod-security.kubernetes.io/enforce': 'baseline' };
  const answer = admitPod(requestOf({ pod: podWith(), namespace: { labels } }));
  assert.ok(answer.kind === 'skip' && answer.warning !== undefined);
  assert.match(answer.warning, /container app states no runAsUser/);
  assert.ok(answer.warning.endsWith(skipReasons['pod-security'].mend));
});

test('a pod that may run on Linux too is measured, whatever else its affinity allows', () => {
  const term = (operator: string, values: string[]) => ({
    matchExpressions: [{ key: 'kubernetes.io/os', operator, values }],
  });
  const required = (...nodeSelectorTerms: object[]) =>
    podWith({
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
      },
    } as Partial<V1PodSpec>);
  injected(required(term('In', ['windows']), term('In', ['linux'])));
  injected(required(term('In', ['windows', 'linux'])));
  injected(required(term('NotIn', ['windows'])));
});
