import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { podometer } from '../podometer.ts';

const JOB =
  'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: train # nightly\nspec:\n  template:\n    spec:\n      containers:\n        - name: main\n';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

test('a manifest is printed with the label on its pods, and what was done is said apart', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'job.yaml'), JOB);
  const { code, stdout, stderr } = await podometer(['label', '-f', 'job.yaml'], { cwd });

  assert.equal(code, 0);
  assert.match(stdout, /name: train # nightly/);
  assert.match(stdout, /template:\n {4}metadata:\n {6}labels:\n {8}podometer.dev\/profile: "true"/);
  assert.equal(
    stderr,
    'Job train: its pods will be measured; what runs already is settled, delete it before you apply this\n',
  );
  const back = await podometer(['label', '--remove', '-f', '-'], { input: stdout });
  assert.equal(back.stdout, JOB);
});

test('with --json what was done is told as JSON, apart from the manifest', async () => {
  const service = 'kind: Service\nmetadata:\n  name: web\n';
  const input = `${JOB}---\n${service}`;
  const { stdout, stderr } = await podometer(['label', '-f', '-', '--json'], { input });
  const { templates, leftAsTheyAre } = JSON.parse(stderr);
  assert.match(stdout, /^apiVersion: batch\/v1\n/);
  assert.deepEqual(leftAsTheyAre, [{ kind: 'Service', name: 'web' }]);
  assert.equal(templates.length, 1);
  assert.match(templates[0].said, /^its pods will be measured/);
  const back = await podometer(['uninject', '-f', '-', '--json'], { input: stdout });
  assert.equal(back.stdout, input);
  assert.deepEqual(JSON.parse(back.stderr).templates, [
    { kind: 'Job', name: 'train', said: 'the label is taken off' },
  ]);
});

test('several files become one stream of documents', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'a.yaml'), JOB);
  const { stdout } = await podometer(['label', '-f', 'a.yaml', '-f', 'a.yaml'], { cwd });

  assert.equal(stdout.split('\n---\n').length, 2);
});

test('a manifest without pods and a file that is not there are refused, and nothing is printed', async () => {
  const service = await podometer(['label', '-f', '-'], { input: 'kind: Service\nmetadata:\n  name: x\n' });
  assert.equal(service.code, 2);
  assert.match(service.stderr, /Nothing in - describes a pod/);
  assert.equal(service.stdout, '');
  const missing = await podometer(['label', '-f', 'nowhere.yaml']);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /nowhere\.yaml cannot be read/);
});

test('what names no workload, or one that can no longer be changed, is refused with the way out', async () => {
  for (const [ref, says] of [
    ['web', /"web" names no workload/],
    ['service/web', /names no workload/],
    ['job/train', /settled when it is made.*podometer label -f FILE/s],
  ] as const) {
    const { code, stderr } = await podometer(['label', ref]);
    assert.equal(code, 2);
    assert.match(stderr, says);
  }
});

/** An API server with one object at every path; answers 404 for a name `missing`. */
async function apiServer(t: TestContext, object: object) {
  const patches: { path: string; type: string | undefined; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = await text(request);
    response.setHeader('content-type', 'application/json');
    if (/^\/apis\/(apps|batch)\/v1$/.test(path)) {
      const resources = [
        { name: 'deployments', kind: 'Deployment', namespaced: true },
        { name: 'cronjobs', kind: 'CronJob', namespaced: true },
      ];
      return response.end(JSON.stringify({ kind: 'APIResourceList', resources }));
    }
    if (path.includes('missing')) {
      response.statusCode = 404;
      return response.end(
        JSON.stringify({ kind: 'Status', message: 'deployments.apps "missing" not found' }),
      );
    }
    if (request.method === 'PATCH') {
      patches.push({ path, type: request.headers['content-type'], body: JSON.parse(body) });
    }
    return response.end(JSON.stringify(object));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => server.close());
  const file = join(folder(t), 'config');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(
    file,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'shop' } }],
      'current-context': 'x',
    }),
  );
  return { env: { KUBECONFIG: file }, patches };
}

test('a workload in the cluster is labelled on its template, in the namespace of the context', async (t) => {
  const { env, patches } = await apiServer(t, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { template: { metadata: { labels: { app: 'web' } } } },
  });
  const { code, stdout } = await podometer(['label', 'deploy/web'], { env });

  assert.equal(code, 0);
  assert.equal(stdout, 'Deployment shop/web: its pods will be measured; it is rolled now\n');
  assert.equal(patches.length, 1);
  assert.match(patches[0]?.path ?? '', /^\/apis\/apps\/v1\/namespaces\/shop\/deployments\/web\b/);
  assert.equal(patches[0]?.type, 'application/merge-patch+json');
  assert.deepEqual(
    patches.map(({ body }) => (body as { spec: unknown }).spec),
    [
      {
        template: { metadata: { labels: { 'podometer.dev/profile': 'true' } } },
      },
    ],
  );
});

test('a workload that is not rolled by itself is told to be so', async (t) => {
  for (const [spec, says] of [
    [{ paused: true }, /; it is paused, and rolled once it is resumed$/m],
    [
      { updateStrategy: { type: 'OnDelete' } },
      /; its strategy is OnDelete: each pod is made anew once you delete it$/m,
    ],
  ] as const) {
    const object = { kind: 'Deployment', metadata: { name: 'web' }, spec: { ...spec, template: {} } };
    const { env } = await apiServer(t, object);
    assert.match((await podometer(['label', 'deploy/web'], { env })).stdout, says);
  }
});

test('what applying a labelled manifest does is told by the kind of the workload', async () => {
  const template = { spec: { containers: [] } };
  const objects = [
    { kind: 'Deployment', spec: { template } },
    { kind: 'DaemonSet', spec: { template, updateStrategy: { type: 'OnDelete' } } },
    { kind: 'CronJob', spec: { jobTemplate: { spec: { template } } } },
    { kind: 'Sandbox', spec: { template } },
  ];
  const { stderr } = await podometer(['label', '-f', '-'], {
    input: objects.map((object) => JSON.stringify(object)).join('\n---\n'),
  });

  assert.deepEqual(stderr.trimEnd().split('\n'), [
    'Deployment: its pods will be measured; to apply it rolls the workload',
    'DaemonSet: its pods will be measured; its strategy is OnDelete: each pod is made anew once you delete it',
    'CronJob: its pods will be measured; from its next job on',
    'Sandbox: its pods will be measured',
  ]);
});

test('a workload that has the label is left as it is', async (t) => {
  const { env, patches } = await apiServer(t, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'train', namespace: 'ml' },
    spec: {
      jobTemplate: { spec: { template: { metadata: { labels: { 'podometer.dev/profile': 'true' } } } } },
    },
  });
  const { stdout } = await podometer(['label', 'cronjob/train', '-n', 'ml'], { env });

  assert.equal(stdout, 'CronJob ml/train: nothing to change\n');
  const asJson = await podometer(['label', 'cronjob/train', '-n', 'ml', '--json'], { env });
  assert.deepEqual(JSON.parse(asJson.stdout), {
    kind: 'CronJob',
    namespace: 'ml',
    name: 'train',
    said: 'nothing to change',
  });
  assert.deepEqual(patches, []);
});

test('what the cluster refuses is told in its own words, and a cluster that is not there by its name', async (t) => {
  const { env } = await apiServer(t, {});
  const refused = await podometer(['label', 'deploy/missing'], { env });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /404 deployments\.apps "missing" not found/);

  const nobody = await podometer(['label', 'deploy/web'], { env: { KUBECONFIG: '/nowhere/config' } });
  assert.equal(nobody.code, 2);
  assert.match(nobody.stderr, /The kubeconfig cannot be read/);
});
