import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patched } from '../../../cli/manifest/json-patch.ts';
import { parseManifest } from '../../../cli/manifest/manifest.ts';

import { LABEL, label, templatesOf, unlabel } from './change-manifest.ts';

const DEPLOYMENT = `# Two replicas, see the runbook.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2 # enough
  template:
    metadata:
      labels: { app: "web" }
    spec:
      containers:
      - name: main
        image: 'nginx:1'
`;

test('the label goes on the pod template, quoted, and off again without a trace', () => {
  const text = DEPLOYMENT.replace('{ app: "web" }', `{ app: "web", ${LABEL} }`);

  assert.equal(label(DEPLOYMENT), text);
  assert.equal(label(text), text);
  assert.equal(unlabel(text), DEPLOYMENT);
  assert.equal(unlabel(DEPLOYMENT), DEPLOYMENT);
});

test('a template without metadata gets some before its spec, and loses them again', () => {
  const text = 'kind: Job\nmetadata:\n  name: j\nspec:\n  template:\n    spec:\n      containers: []\n';
  const added = `    metadata:\n      labels:\n        ${LABEL}\n`;

  assert.equal(label(text), text.replace('    spec:\n', `${added}    spec:\n`));
  assert.equal(unlabel(label(text)), text);
});

test('every kind that makes pods has its templates found, lists and several documents too', () => {
  const pod = { spec: { containers: [{ name: 'c' }] } };
  const objects = [
    { kind: 'Pod', metadata: { name: 'p' }, ...pod },
    ...['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicaSet'].map((kind) => ({
      kind,
      metadata: { name: kind.toLowerCase() },
      spec: { template: pod },
    })),
    { kind: 'CronJob', metadata: { name: 'c' }, spec: { jobTemplate: { spec: { template: pod } } } },
    { kind: 'PodTemplate', metadata: { name: 't' }, template: pod },
    {
      kind: 'JobSet',
      metadata: { name: 's' },
      spec: {
        replicatedJobs: [
          { template: { spec: { template: pod } } },
          { template: { spec: { template: pod } } },
        ],
      },
    },
    {
      kind: 'PyTorchJob',
      metadata: { name: 'py' },
      spec: { pytorchReplicaSpecs: { Master: { template: pod }, Worker: { template: pod } } },
    },
    {
      kind: 'RayCluster',
      metadata: { name: 'ray' },
      spec: { headGroupSpec: { template: pod }, workerGroupSpecs: [{ template: pod }] },
    },
    {
      kind: 'LeaderWorkerSet',
      metadata: { name: 'lws' },
      spec: { leaderWorkerTemplate: { leaderTemplate: pod, workerTemplate: pod } },
    },
    { kind: 'Service', metadata: { name: 'none' }, spec: { template: { spec: { containers: null } } } },
  ];
  const names = [
    'Pod p',
    'Deployment deployment',
    'StatefulSet statefulset',
    'DaemonSet daemonset',
    'Job job',
    'ReplicaSet replicaset',
    'CronJob c',
    'PodTemplate t',
    'JobSet s',
    'JobSet s',
    ...['PyTorchJob py', 'PyTorchJob py', 'RayCluster ray', 'RayCluster ray'],
    ...['LeaderWorkerSet lws', 'LeaderWorkerSet lws'],
  ];
  const found = (text: string): string[] => templatesOf(text).map(({ kind, name }) => `${kind} ${name}`);

  assert.deepEqual(found(objects.map((object) => JSON.stringify(object)).join('\n---\n')), names);
  assert.deepEqual(found(JSON.stringify({ kind: 'List', items: objects })), names);
});

test('what is null is absent, and takes its place', () => {
  const text = 'kind: Pod\nmetadata: # none\nspec:\n  containers: []\n';
  assert.equal(label(text), text.replace('# none\n', `# none\n  labels:\n    ${LABEL}\n`));
  const labels = text.replace('# none', '\n  labels: null # none');
  assert.equal(label(labels), labels.replace('labels: null # none\n', `labels: # none\n    ${LABEL}\n`));
});

test('what cannot be a pod is refused with the field, the value and the mend', () => {
  for (const [given, says] of [
    ['spec: { containers: 5 }', 'spec.template.spec.containers is 5, which is not a list'],
    ['spec: { containers: [5] }', 'spec.template.spec.containers[0] is 5, which is not a map with a name'],
    ['metadata: [1]\n    spec: { containers: [] }', 'spec.template.metadata is [1], which is not a map'],
    [
      'metadata: { labels: { a: 1 } }\n    spec: { containers: [] }',
      'spec.template.metadata.labels.a is 1, which is not a text',
    ],
  ] as const) {
    const text = `kind: Job\nmetadata: { name: j }\nspec:\n  template:\n    ${given}\n`;
    assert.throws(() => templatesOf(text), { code: 'PODO_MANIFEST_MALFORMED', message: `Job j: ${says}` });
  }
});

test('what is no YAML is refused with the file and the line', () => {
  assert.throws(() => parseManifest('a: [1\nb: 2\n', 'x.yaml'), {
    code: 'PODO_MANIFEST_MALFORMED',
    message: /^x\.yaml is not valid YAML: .*line 2/,
  });
});

test('a patch is applied to a copy', () => {
  const given = {
    metadata: { labels: { a: 'b' } },
    spec: { containers: [{ name: 'main', image: 'nginx:1' }] },
  };
  const before = structuredClone(given);
  const after = patched(given, [
    { op: 'add', path: '/metadata/annotations', value: { 'a/b': 'c' } },
    { op: 'add', path: '/metadata/annotations/d~1e', value: 'f' },
    { op: 'add', path: '/spec/containers/0', value: { name: 'first' } },
    { op: 'add', path: '/spec/containers/-', value: { name: 'last' } },
    { op: 'replace', path: '/spec/containers/1/image', value: 'nginx:2' },
    { op: 'remove', path: '/metadata/labels' },
  ]);

  assert.deepEqual(after, {
    metadata: { annotations: { 'a/b': 'c', 'd/e': 'f' } },
    spec: { containers: [{ name: 'first' }, { name: 'main', image: 'nginx:2' }, { name: 'last' }] },
  });
  assert.deepEqual(given, before);
});
