import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerWith, podWith, restrictedContext } from './injection-case.ts';
import { resourceFaults, restrictedFaults, securityFaults } from './second-judge.ts';

const CLEAN = containerWith({ securityContext: { ...restrictedContext, runAsNonRoot: true } });

test('each field that restricted asks for is missed where it is not there', () => {
  assert.deepEqual(restrictedFaults(CLEAN), []);
  for (const changed of [
    { allowPrivilegeEscalation: true },
    { runAsNonRoot: false },
    { runAsUser: 0 },
    { privileged: true },
    { capabilities: { drop: ['NET_RAW'] } },
    { capabilities: { drop: ['ALL'], add: ['SYS_PTRACE'] } },
    { seccompProfile: { type: 'Unconfined' } },
    { procMount: 'Unmasked' },
  ]) {
    const securityContext = { ...CLEAN.securityContext, ...changed };
    assert.equal(restrictedFaults({ ...CLEAN, securityContext }).length, 1, JSON.stringify(changed));
  }
});

test('what was added is judged, at the level of the namespace', () => {
  const capable = { ...CLEAN, name: 'new', securityContext: { capabilities: { add: ['SYS_PTRACE'] } } };
  const after = podWith({
    containers: [CLEAN, capable],
    hostPID: true,
    volumes: [{ name: 'host', hostPath: { path: '/' } }],
  });
  const before = podWith({ containers: [CLEAN] });
  assert.deepEqual(securityFaults('baseline', before, after), [
    'new: adds SYS_PTRACE',
    'hostPID',
    'volume host',
  ]);
  assert.deepEqual(securityFaults('privileged', before, after), []);
  assert.deepEqual(securityFaults('baseline', after, after), []);
});

test('a container beyond a LimitRange, and a pod beyond a quota, are told', () => {
  const own = { name: 'app', resources: { requests: { cpu: '500m' }, limits: { cpu: '1' } } };
  const added = { name: 'new', resources: { requests: { cpu: '20m' }, limits: { cpu: '400m' } } };
  const before = { containers: [own] };
  const after = { containers: [own], initContainers: [{ ...added, restartPolicy: 'Always' }] };
  const range = {
    limits: [{ type: 'Container', min: { cpu: '100m' }, maxLimitRequestRatio: { cpu: '10' } }],
  };
  assert.deepEqual(resourceFaults(before, after, [range], []), ['new: cpu: min', 'new: cpu: ratio']);
  const ofPod = { limits: [{ type: 'Pod', max: { cpu: '1200m' } }] };
  assert.deepEqual(resourceFaults(before, after, [ofPod], []), ['the pod: cpu: max']);
  const quota = { spec: { hard: { 'requests.cpu': '1' } }, status: { used: { 'requests.cpu': '490m' } } };
  assert.deepEqual(resourceFaults(before, after, [], [quota]), ['quota of requests.cpu']);
  assert.deepEqual(resourceFaults(after, after, [range, ofPod], [quota]), []);
});
