/** The objects as they reach an API server, held against the schemas of Kubernetes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Secret, V1StatefulSet } from '@kubernetes/client-node';
import { programObjects } from '../../../injector/controller/objects/stateful-set.ts';
import type { AggregatorSettings } from '../../../injector/controller/settings.ts';
import { podSecurityViolations } from '../../../injector/inject/pod-security.ts';
import { startApiServer } from '../../api-server/api-server.ts';
import { objectFaults } from '../../kubernetes-schema.ts';
import { until } from '../cluster/viewing.ts';
import { control, putDefaultClass, putNamespace, putPod, SETTINGS, statusOf } from './controlling.ts';

const PLACEMENT = {
  nodeSelector: { disk: 'ssd' },
  tolerations: [{ key: 'batch', operator: 'Exists' }],
  priorityClassName: 'low',
  imagePullSecrets: [{ name: 'registry' }],
} as unknown as AggregatorSettings['pod'];

function statefulSet(settings: Partial<AggregatorSettings> = {}): V1StatefulSet {
  const storage = { kind: 'claim', size: '10Gi', room: '10Gi', className: undefined } as const;
  const made = programObjects('team', { ...SETTINGS, ...settings }, storage);
  return made.find(({ kind }) => kind === 'StatefulSet') as V1StatefulSet;
}

for (const hasClass of [true, false]) {
  test(`every object is valid, ${hasClass ? 'with' : 'without'} a StorageClass`, async (t) => {
    const server = await startApiServer(t);
    if (hasClass) putDefaultClass(server);
    putNamespace(server, 'team');
    putPod(server, 'team', 'app');
    control(t, server, { settings: { pod: PLACEMENT } });
    await until(() => statusOf(server, 'team') !== undefined && server.store.list('v1 events').length === 2);
    const isOurs = ({ kind = '' }) => !['Namespace', 'Pod', 'StorageClass'].includes(kind);
    const objects = server.store.resources.flatMap((resource) => server.store.list(resource)).filter(isOurs);
    assert.equal(objects.length, hasClass ? 12 : 11);
    for (const object of objects) assert.deepEqual(await objectFaults(object), [], object.kind);
  });
}

test('the pod is admissible under Pod Security restricted', () => {
  const { spec } = statefulSet();
  assert.deepEqual(podSecurityViolations('restricted', { spec: spec?.template.spec } as never), []);
});

test('what the operator tolerates of a lost node counts, and else a minute', () => {
  const tolerated = (tolerations: object[]) => {
    const { spec } = statefulSet({ pod: { tolerations } as unknown as AggregatorSettings['pod'] });
    return spec?.template.spec?.tolerations?.map(({ key, tolerationSeconds }) => [key, tolerationSeconds]);
  };
  const unreachable = 'node.kubernetes.io/unreachable';
  assert.deepEqual(tolerated([{ key: unreachable, operator: 'Exists', tolerationSeconds: 600 }]), [
    [unreachable, 600],
    ['node.kubernetes.io/not-ready', 60],
  ]);
  assert.deepEqual(tolerated([{ operator: 'Exists' }]), [[undefined, undefined]]);
});

test('the heap is bounded by the memory that the pod may take, and what is new in it for itself', () => {
  const command = statefulSet({ memoryLimit: '1Gi' }).spec?.template.spec?.containers[0]?.command;
  assert.deepEqual(command?.slice(1, 3), ['--max-old-space-size=512', '--max-semi-space-size=8']);
});

test('history takes at most four fifths of its volume, unless it is said otherwise', () => {
  const bytes = (set: V1StatefulSet) =>
    set.spec?.template.spec?.containers[0]?.env?.find(({ name }) => name === 'PODOMETER_KEEP_BYTES')?.value;
  assert.equal(bytes(statefulSet()), '8192Mi');
  assert.equal(bytes(statefulSet({ keeper: { PODOMETER_KEEP_BYTES: '3Gi' } })), '3Gi');
});

test('the credential of forwarding stands in a Secret alone, and another one makes another pod', () => {
  const storage = { kind: 'claim', size: '10Gi', room: '10Gi', className: undefined } as const;
  const objects = (forwardAuthorization?: string) =>
    programObjects('team', { ...SETTINGS, forwardAuthorization }, storage);
  const made = objects('Bearer of-dreams');
  const [secret] = made as V1Secret[];
  assert.equal(Buffer.from(secret?.data?.authorization ?? '', 'base64').toString(), 'Bearer of-dreams');
  assert.ok(!JSON.stringify(made.slice(1)).includes('of-dreams'));
  const env = statefulSet({ forwardAuthorization: 'x' }).spec?.template.spec?.containers[0]?.env;
  const { name, key } = env?.at(-1)?.valueFrom?.secretKeyRef ?? {};
  assert.deepEqual([env?.at(-1)?.name, name], ['PODOMETER_FORWARD_AUTHORIZATION', secret?.metadata?.name]);
  assert.ok(secret?.data?.[key ?? ''] !== undefined);
  const template = (text: string) => JSON.stringify(objects(text).at(-1));
  assert.notEqual(template('one'), template('other'));
  assert.equal(template('one'), template('one'));
  assert.deepEqual(
    objects().map(({ kind }) => kind),
    ['PodDisruptionBudget', 'StatefulSet'],
  );
});
