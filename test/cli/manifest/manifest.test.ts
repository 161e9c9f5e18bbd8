import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPatch } from '../../../cli/manifest/json-patch.ts';
import { labelTemplate, unlabelTemplate } from '../../../cli/manifest/label.ts';
import { parseManifest } from '../../../cli/manifest/manifest.ts';
import { type PodTemplate, podTemplatesOf } from '../../../cli/manifest/pod-template.ts';

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

function templatesOf(text: string): PodTemplate[] {
  return parseManifest(text, 'x.yaml').objects.flatMap(podTemplatesOf);
}

test('what is not changed stays as it was written', () => {
  const manifest = parseManifest(DEPLOYMENT, 'x.yaml');

  assert.equal(manifest.toString(), DEPLOYMENT);
});

test('the label goes on the pod template, quoted, and off again without a trace', () => {
  const manifest = parseManifest(DEPLOYMENT, 'x.yaml');
  const [template] = manifest.objects.flatMap(podTemplatesOf);
  assert.ok(template !== undefined);

  assert.equal(labelTemplate(template), 'added');
  assert.equal(
    manifest.toString(),
    DEPLOYMENT.replace('{ app: "web" }', '{ app: "web", podometer.dev/profile: "true" }'),
  );
  assert.equal(labelTemplate(template), 'unchanged');
  assert.equal(unlabelTemplate(template), 'removed');
  assert.equal(manifest.toString(), DEPLOYMENT);
  assert.equal(unlabelTemplate(template), 'unchanged');
});

test('a template without metadata gets some before its spec, and loses them again', () => {
  const text = 'kind: Job\nmetadata:\n  name: j\nspec:\n  template:\n    spec:\n      containers: []\n';
  const manifest = parseManifest(text, 'x.yaml');
  const [template] = manifest.objects.flatMap(podTemplatesOf);
  assert.ok(template !== undefined);

  labelTemplate(template);
  assert.match(
    manifest.toString(),
    / {2}template:\n {4}metadata:\n {6}labels:\n {8}podometer.dev\/profile: "true"\n {4}spec:/,
  );
  unlabelTemplate(template);
  assert.equal(manifest.toString(), text);
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
    { kind: 'Service', metadata: { name: 'none' }, spec: {} },
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
  ];
  const found = (text: string): string[] => templatesOf(text).map(({ kind, name }) => `${kind} ${name}`);

  assert.deepEqual(found(objects.map((object) => JSON.stringify(object)).join('\n---\n')), names);
  assert.deepEqual(found(JSON.stringify({ kind: 'List', items: objects })), names);
});

test('JSON comes out as JSON', () => {
  const manifest = parseManifest('{"kind": "Pod", "spec": {"containers": []}}', 'x.json');

  assert.deepEqual(JSON.parse(manifest.toString()), { kind: 'Pod', spec: { containers: [] } });
});

test('what is no YAML is refused with the file and the line', () => {
  assert.throws(() => parseManifest('a: [1\nb: 2\n', 'x.yaml'), {
    code: 'PODO_MANIFEST_MALFORMED',
    message: /^x\.yaml is not valid YAML: .*line 2/,
  });
});

test('a patch changes its part and nothing else', () => {
  const manifest = parseManifest(DEPLOYMENT, 'x.yaml');
  const [template] = manifest.objects.flatMap(podTemplatesOf);
  assert.ok(template !== undefined);
  applyPatch(template.document, template.path, [
    { op: 'add', path: '/metadata/annotations', value: { 'a/b': 'c' } },
    { op: 'add', path: '/metadata/annotations/d~1e', value: 'f' },
    { op: 'add', path: '/spec/containers/0', value: { name: 'first' } },
    { op: 'add', path: '/spec/containers/-', value: { name: 'last' } },
    { op: 'replace', path: '/spec/containers/1/image', value: 'nginx:2' },
    { op: 'remove', path: '/metadata/labels' },
  ]);

  assert.deepEqual(template.document.toJS().spec.template, {
    metadata: { annotations: { 'a/b': 'c', 'd/e': 'f' } },
    spec: { containers: [{ name: 'first' }, { name: 'main', image: 'nginx:2' }, { name: 'last' }] },
  });
  assert.match(manifest.toString(), /^# Two replicas, see the runbook\.\n/);
  assert.match(manifest.toString(), /replicas: 2 # enough/);
});
