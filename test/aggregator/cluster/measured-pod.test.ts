import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { measuredPod } from '../../../aggregator/cluster/measured-pod.ts';
import { Pod } from '../../../protocol/pods.ts';
import {
  at,
  ended,
  evictedPod,
  iso,
  JOB_UID,
  jobPod,
  oomKilledPod,
  running,
  status,
} from './pod-fixtures.ts';

const podOf = (pod: Parameters<typeof measuredPod>[0]) => {
  const kept = measuredPod(pod).measured?.pod;
  assert.ok(kept !== undefined && Value.Check(Pod, kept));
  return kept;
};

test('of a running pod its node, owner, times, image and resources are kept, and nothing of its agent', () => {
  const resources = {
    requests: { cpu: '2', memory: '4Gi', 'nvidia.com/gpu': '1' },
    limits: { memory: '4Gi' },
  };
  const { metadata, measured } = measuredPod(jobPod({ resources }));
  assert.deepEqual(metadata, { name: 'pod-a', namespace: 'team', uid: 'uid-of-pod-a', resourceVersion: '' });
  assert.deepEqual(measured, {
    run: JOB_UID,
    pod: {
      name: 'pod-a',
      uid: 'uid-of-pod-a',
      phase: 'Running',
      node: 'node-a',
      owner: { apiVersion: 'batch/v1', kind: 'Job', name: 'train', uid: JOB_UID },
      createdAt: iso(0),
      scheduledAt: iso(1),
      readyAt: iso(4),
      containers: [
        {
          name: 'main',
          role: 'main',
          image: 'registry.example/train:1',
          imageId: 'registry.example/train@sha256:0123456789abcdef',
          requests: { cpu: '2', memory: '4Gi' },
          limits: { memory: '4Gi' },
          restarts: 0,
          spells: [{ id: '000000000003', startedAt: iso(3) }],
        },
      ],
    },
  });
});

test('a list brings times as dates and a watch as text: both are kept alike', () => {
  const watched = oomKilledPod();
  const listed = structuredClone(watched);
  const dates = (value: object): void => {
    for (const [key, one] of Object.entries(value)) {
      if (typeof one === 'string' && /^\d{4}-\d\d-\d\dT/.test(one))
        Object.assign(value, { [key]: new Date(one) });
      else if (typeof one === 'object' && one !== null) dates(one);
    }
  };
  dates(listed);
  assert.ok((listed.metadata?.creationTimestamp as unknown) instanceof Date);
  assert.deepEqual(measuredPod(listed), measuredPod(watched));
});

test('the run is the one that the kubelet tells the agent: a value, a label, an annotation or the uid', () => {
  const runOf = (run: { fieldPath: string }) =>
    measuredPod(
      jobPod({
        run,
        metadata: { uid: 'u', labels: { 'pod-template-hash': '5d9c' }, annotations: { my: 'r' } },
      }),
    ).measured?.run;
  assert.equal(measuredPod(jobPod({ run: 'cost-$$5' })).measured?.run, 'cost-$5');
  assert.equal(runOf({ fieldPath: "metadata.labels['pod-template-hash']" }), '5d9c');
  assert.equal(runOf({ fieldPath: "metadata.annotations['my']" }), 'r');
  assert.equal(runOf({ fieldPath: 'metadata.uid' }), 'u');
  assert.equal(runOf({ fieldPath: "metadata.labels['missing']" }), 'u');
});

test('a labelled pod without an agent is nobody, and an agent among the plain containers is one too', () => {
  const bare = jobPod();
  assert.equal(
    measuredPod({ ...bare, spec: { containers: bare.spec?.containers ?? [] } }).measured,
    undefined,
  );
  const { initContainers = [], containers = [] } = bare.spec ?? {};
  const plain = measuredPod({ ...bare, spec: { containers: [...containers, ...initContainers] } });
  assert.deepEqual(
    plain.measured?.pod.containers.map(({ name }) => name),
    ['main'],
  );
});

test('init containers and sidecars are told apart, and what waits says why', () => {
  const pod = jobPod({
    statuses: [status('main', { waiting: { reason: 'ImagePullBackOff' } }, { imageID: '' })],
    initStatuses: [status('fetch', ended(1, 2, 0)), status('proxy', running(2))],
  });
  pod.spec?.initContainers?.push(
    { name: 'fetch', image: 'fetch:1' },
    { name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' },
  );
  const found = podOf(pod).containers;
  assert.deepEqual(
    found.map(({ name, role, waiting, spells }) => [name, role, waiting, spells.length]),
    [
      ['fetch', 'init', undefined, 1],
      ['proxy', 'sidecar', undefined, 1],
      ['main', 'main', 'ImagePullBackOff', 0],
    ],
  );
  assert.equal(found[2]?.imageId, undefined);
});

test('why a pod was taken away is kept, and when it was asked to end', () => {
  const { phase, reason, disruption, message } = podOf(evictedPod());
  assert.deepEqual(
    [phase, reason, disruption?.reason, disruption?.at],
    ['Failed', 'Evicted', 'TerminationByKubelet', iso(40)],
  );
  assert.match(message ?? '', /ephemeral-storage/);
  const deleted = podOf(jobPod({ metadata: { deletionTimestamp: at(80), deletionGracePeriodSeconds: 30 } }));
  assert.equal(deleted.deletedAt, iso(50));
});
