import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Pod, V1PodSpec } from '@kubernetes/client-node';
import type { NamespaceFacts } from '../../../injector/inject/facts.ts';
import { newViolations, podSecurityViolations } from '../../../injector/inject/pod-security.ts';
import { enforcedLevel, podSecurityLevels } from '../../../injector/inject/pod-security-level.ts';
import { containerWith, podWith, restrictedContext } from './injection-case.ts';

/** A pod that `restricted` admits, with something else about it. */
function pod(spec: Partial<V1PodSpec>, container: object = {}): V1Pod {
  return podWith({
    containers: [containerWith({ securityContext: restrictedContext, ...container })],
    ...spec,
  });
}

function context(fields: object): V1Pod {
  return pod({}, { securityContext: { ...restrictedContext, ...fields } });
}

const baseline: Readonly<Record<string, V1Pod>> = {
  'hostProcess: container app': context({ windowsOptions: { hostProcess: true } }),
  'hostNamespaces: hostNetwork': pod({ hostNetwork: true }),
  'hostNamespaces: hostPID': pod({ hostPID: true }),
  'hostNamespaces: hostIPC': pod({ hostIPC: true }),
  'privileged: container app': context({ privileged: true }),
  'hostPath: volume host': pod({ volumes: [{ name: 'host', hostPath: { path: '/' } }] }),
  'hostPort: container app': pod({}, { ports: [{ containerPort: 80, hostPort: 80 }] }),
  'hostProbes: container app': pod({}, { livenessProbe: { tcpSocket: { host: '10.0.0.1', port: 80 } } }),
  'appArmor: the pod': pod({ securityContext: { appArmorProfile: { type: 'Unconfined' } } }),
  'seLinux: container app': context({ seLinuxOptions: { type: 'spc_t' } }),
  'procMount: container app': context({ procMount: 'Unmasked' }),
  'seccomp: the pod': pod({ securityContext: { seccompProfile: { type: 'Unconfined' } } }),
  'sysctls: sysctl kernel.msgmax': pod({
    securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] },
  }),
  'appArmorAnnotation: annotation container.apparmor.security.beta.kubernetes.io/app': podWith(
    { containers: [containerWith({ securityContext: restrictedContext })] },
    { annotations: { 'container.apparmor.security.beta.kubernetes.io/app': 'unconfined' } },
  ),
  'capabilities: container app': context({ capabilities: { drop: ['ALL'], add: ['SYS_PTRACE'] } }),
};

const restrictedOnly: Readonly<Record<string, V1Pod>> = {
  'volumeTypes: volume nfs': pod({ volumes: [{ name: 'nfs', nfs: { path: '/', server: 'x' } }] }),
  'allowPrivilegeEscalation: container app': context({ allowPrivilegeEscalation: true }),
  'runAsNonRoot: container app': context({ runAsNonRoot: false }),
  'runAsNonRoot: the pod': pod({ securityContext: { runAsNonRoot: false } }),
  'runAsUser: container app': context({ runAsUser: 0 }),
  'seccompProfile: container app': pod(
    {},
    { securityContext: { ...restrictedContext, seccompProfile: undefined } },
  ),
  'dropAll: container app': context({ capabilities: { drop: ['NET_RAW'] } }),
};

test('a pod with everything that restricted asks for breaks no rule', () => {
  assert.deepEqual(podSecurityViolations('restricted', pod({})), []);
  const viaPod = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  const bare = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
  };
  assert.deepEqual(
    podSecurityViolations('restricted', pod({ securityContext: viaPod }, { securityContext: bare })),
    [],
  );
});

for (const [violation, offender] of Object.entries(baseline)) {
  test(`baseline and restricted name what breaks ${violation}`, () => {
    assert.deepEqual(podSecurityViolations('baseline', offender), [violation]);
    assert.ok(podSecurityViolations('restricted', offender).includes(violation));
    assert.deepEqual(podSecurityViolations('privileged', offender), []);
  });
}

for (const [violation, offender] of Object.entries(restrictedOnly)) {
  test(`restricted alone names what breaks ${violation}`, () => {
    assert.deepEqual(podSecurityViolations('restricted', offender), [violation]);
    assert.deepEqual(podSecurityViolations('baseline', offender), []);
  });
}

test('a plain pod breaks what restricted asks to be stated', () => {
  assert.deepEqual(podSecurityViolations('baseline', podWith()), []);
  assert.deepEqual(podSecurityViolations('restricted', podWith()), [
    'allowPrivilegeEscalation: container app',
    'runAsNonRoot: container app',
    'seccompProfile: container app',
    'dropAll: container app',
  ]);
});

test('init containers are held to the same rules', () => {
  const offender = pod({
    initContainers: [containerWith({ name: 'init', securityContext: { privileged: true } })],
  });
  assert.deepEqual(podSecurityViolations('baseline', offender), ['privileged: container init']);
});

test('only what a change brings in is new', () => {
  const before = pod({ hostNetwork: true });
  const after = pod({ hostNetwork: true, hostIPC: true });
  assert.deepEqual(newViolations('baseline', before, after), ['hostNamespaces: hostIPC']);
});

test('the label says what is enforced, the cluster where there is none, and an unknown level is restricted', () => {
  const namespace = (labels: Record<string, string>): NamespaceFacts => ({
    name: 'team-a',
    labels,
    limitRanges: [],
    quotas: [],
  });
  for (const level of podSecurityLevels) {
    assert.equal(
      enforcedLevel(namespace({ 'pod-security.kubernetes.io/enforce': level }), 'baseline'),
      level,
    );
    assert.equal(enforcedLevel(namespace({ 'pod-security.kubernetes.io/warn': 'restricted' }), level), level);
  }
  const unknown = namespace({ 'pod-security.kubernetes.io/enforce': 'strict' });
  assert.equal(enforcedLevel(unknown, 'privileged'), 'restricted');
});
