import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { podometer } from '../podometer.ts';

const JOB = `# Nightly.
apiVersion: batch/v1
kind: Job
metadata:
  name: train
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main # the one that counts
          image: "trainer:1"
`;

async function inject(input: string, ...options: string[]) {
  const ended = await podometer(['inject', '-f', '-', '--image', 'podometer:1', ...options], { input });
  const objects =
    ended.stdout === '' ? [] : parseAllDocuments(ended.stdout).map((document) => document.toJS());
  return { ...ended, objects };
}

test('a manifest gets the agent as the webhook would add it, with its comments kept', async () => {
  const { code, stdout, stderr, objects } = await inject(JOB);
  const { spec } = objects[0].spec.template;

  assert.equal(code, 0);
  assert.equal(stderr, 'Job train: the agent is added\n');
  assert.match(stdout, /^# Nightly\.$/m);
  assert.match(stdout, /name: main # the one that counts\n {10}image: "trainer:1"/);
  const [agent] = spec.initContainers;
  assert.equal(agent.name, 'podometer-agent');
  assert.equal(agent.restartPolicy, 'Always');
  assert.equal(spec.shareProcessNamespace, true);
  const variables = Object.fromEntries(
    agent.env.map(({ name, ...source }: { name: string }) => [name, source]),
  );
  assert.deepEqual(variables.PODOMETER_WORKLOAD_NAME, { value: 'train' });
  assert.deepEqual(variables.PODOMETER_RUN_ID, {
    valueFrom: {
      fieldRef: { apiVersion: 'v1', fieldPath: "metadata.labels['batch.kubernetes.io/controller-uid']" },
    },
  });
});

test('what was injected comes out as it went in', async () => {
  const { stdout } = await inject(JOB);
  const back = await podometer(['uninject', '-f', '-'], { input: stdout });

  assert.equal(back.stdout, JOB);
  assert.equal(back.stderr, 'Job train: the agent is taken out, and shareProcessNamespace with it\n');
});

test('figures that were asked for give the container a mount, which comes out with the agent', async () => {
  const asking = JOB.replace(
    '    spec:\n      restart',
    '    metadata:\n      annotations:\n        podometer.dev/measures: loss\n    spec:\n      restart',
  );
  const { stdout, objects } = await inject(asking);
  const [main] = objects[0].spec.template.spec.containers;
  assert.deepEqual(main.volumeMounts, [
    { name: 'podometer-measures', mountPath: '/var/run/podometer/measures' },
  ]);
  const back = await podometer(['uninject', '-f', '-'], { input: stdout });

  assert.equal(back.stdout, asking);
});

test("what was the author's own before stays when the agent is taken out", async () => {
  const own = JOB.replace(
    '    spec:\n      restart',
    '    metadata:\n      annotations:\n        podometer.dev/measures: loss\n    spec:\n      shareProcessNamespace: true\n      volumes:\n        - name: podometer-measures\n          emptyDir: {}\n        - name: podometer-spool\n          emptyDir: {}\n      restart',
  ).replace(
    '        - name: main',
    '        - name: side\n          image: side:1\n          volumeMounts:\n            - { name: podometer-measures, mountPath: /var/run/podometer/measures }\n        - name: main',
  );
  const { stdout } = await inject(own);
  assert.match(stdout, /podometer\.dev\/added: volume=podometer-spool-2,volume=podometer-token,mount=main\n/);
  const back = await podometer(['uninject', '-f', '-'], { input: stdout });

  assert.equal(back.stdout, own);
  assert.equal(back.stderr, 'Job train: the agent is taken out\n');
});

test('an agent that did not tell what it had with it is taken out by the names', async () => {
  const { stdout } = await inject(JOB);
  const untold = stdout.replace(/ *podometer\.dev\/added: .*\n/, '');
  assert.notEqual(untold, stdout);
  const back = await podometer(['uninject', '-f', '-'], { input: untold });

  assert.equal(back.stdout, JOB);
});

test('a manifest that has the agent is not given another', async () => {
  const { stdout } = await inject(JOB);
  const again = await inject(stdout);

  assert.equal(again.stdout, stdout);
  assert.equal(again.stderr, 'Job train: it has the agent already\n');
});

test('where no form is allowed, the reason is told and the manifest is only labelled', async () => {
  const { code, stderr, objects } = await inject(JOB, '--pod-security', 'restricted');

  assert.equal(code, 0);
  assert.match(stderr, /^Job train: .*Pod Security Standard that allows the agent no capability/);
  assert.equal(objects[0].spec.template.spec.initContainers, undefined);
});

test('an image must be named, by an option or by the environment', async () => {
  const missing = await podometer(['inject', '-f', '-'], { input: JOB });
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /--image is not given/);
  const given = await podometer(['inject', '-f', '-'], { input: JOB, env: { PODOMETER_IMAGE: 'p:2' } });
  assert.match(given.stdout, /image: p:2/);
});

test('null is absent, and objects without pods are named as left alone', async () => {
  const asHelmWrites = JOB.replace(
    '    spec:\n      restartPolicy: Never\n',
    '    metadata:\n      annotations:\n      labels:\n    spec:\n      securityContext:\n      volumes: null\n      initContainers:\n',
  );
  const service = 'kind: Service\nmetadata:\n  name: web\n';
  const { code, stderr, objects } = await inject(`${asHelmWrites}---\n${service}`);

  assert.equal(code, 0);
  assert.equal(stderr, 'Job train: the agent is added\nno pod template, left as it is: Service web\n');
  assert.equal(objects[0].spec.template.spec.initContainers[0].name, 'podometer-agent');
});

test('with --json what was done is told as JSON', async () => {
  const { stderr } = await inject(JOB, '--json');
  assert.deepEqual(JSON.parse(stderr), {
    templates: [{ kind: 'Job', name: 'train', said: 'the agent is added' }],
    leftAsTheyAre: [],
  });
});
