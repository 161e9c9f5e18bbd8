import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { podHistory } from '../pod-history.ts';
import { podometer } from '../podometer.ts';
import { sampleHistory, scratchFolder } from '../sample-history.ts';

const manifest = `apiVersion: batch/v1
kind: CronJob
metadata: { name: train }
spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: main
              image: train
              resources:
                requests: { cpu: 4, memory: 1Gi }
                limits: { memory: 2Gi }
`;

const patch = `spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: main
              resources:
                requests:
                  cpu: 500m
                  memory: 240Mi
                limits:
                  memory: 240Mi
`;

test('what the runs needed stands beside what the manifest sets, with a patch and how to apply it', async (t) => {
  const data = await podHistory(t);
  const cwd = scratchFolder(t);
  writeFileSync(join(cwd, 'train.yaml'), manifest);
  const { code, stdout } = await podometer(
    ['rightsize', 'train', '--manifest', 'train.yaml', '--data', data],
    { cwd },
  );
  assert.equal(code, 0);
  assert.match(stdout, /^main +CPU +0\.5 +0\.5 +4 \/ - +500m \/ -$/m);
  assert.match(stdout, /^main +memory +19\d MiB +200 MiB +1Gi \/ 2Gi +240Mi \/ 240Mi$/m);
  assert.match(stdout, /requests 4\.00 CPUs and used at most 0\.5 in 95 % of the time/);
  assert.match(stdout, /^Of 2 good runs, the newest train@2/m);
  assert.ok(stdout.includes(patch));
  assert.match(stdout, /kubectl patch cronjob train -n ml --patch-file FILE/);
});

test('--patch prints the patch alone, and --json the figures', async (t) => {
  const data = await podHistory(t);
  assert.equal((await podometer(['rightsize', 'train', '--patch', '--data', data])).stdout, patch);
  const { stdout } = await podometer(['rightsize', 'train', '--json', '--data', data]);
  const report = JSON.parse(stdout);
  assert.deepEqual([report.runs, report.containers[0].need.cpuCores.peak], [['train@2', 'train@1'], 0.5]);
});

test('a local workload, an unknown one and a manifest that is not there are refused', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const local = await podometer(['rightsize', 'train', '--data', data]);
  assert.equal(local.code, 2);
  assert.match(local.stderr, /No container of train was measured in its 1 newest good runs/);
  assert.match((await podometer(['rightsize', 'tran', '--data', data])).stderr, /train@latest/);
  const missing = await podometer(['rightsize', 'train', '--manifest', '/nowhere/x.yaml', '--data', data]);
  assert.match(missing.stderr, /\/nowhere\/x\.yaml cannot be read/);
});
