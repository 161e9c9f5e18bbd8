/** What is made for a run: `UPDATE=1` writes test/fixtures/metric-sets anew. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { V1Job, V1PersistentVolumeClaim, V1Pod, V1PodTemplateSpec } from '@kubernetes/client-node';
import {
  runClaims,
  runWorkloads,
  type Workload,
} from '../../../../injector/controller/metric-sets/storage-objects.ts';
import { type StorageSet, stemOf } from '../../../../injector/controller/metric-sets/storage-set.ts';
import { admitPod } from '../../../../injector/inject/admit.ts';
import { metricSetProblems } from '../../../../protocol/metric-set-rules.ts';
import { objectFaults } from '../../../kubernetes-schema.ts';
import { assertSoundInjection } from '../../inject/injected.ts';
import { requestOf } from '../../inject/injection-case.ts';
import { fio, image, ioping, setOf } from './storage-case.ts';

const EXPECTED = new URL('../../../fixtures/metric-sets/', import.meta.url);
const place = { number: 3, repetition: 0 };

interface RunObjects {
  readonly claims: readonly V1PersistentVolumeClaim[];
  readonly workloads: readonly Workload[];
}

const cases: Readonly<Record<string, { set: StorageSet; hasJobSets: boolean }>> = {
  'a claim of its own for each run': { set: setOf([fio]), hasJobSets: false },
  'a claim that is kept, and several pods on it': {
    set: setOf([
      {
        ...fio,
        volume: { claimTemplate: { size: '1Gi', accessModes: ['ReadWriteMany'], keep: true } },
        completions: 4,
        parallelism: 2,
      },
    ]),
    hasJobSets: false,
  },
  'several metrics are a Job each': {
    set: setOf([], {
      name: 'nightly.storage-of-the-database-cluster',
      spec: {
        metrics: [fio, ioping, { ...ioping, options: { profile: 'write' } }, { name: 'threads' }],
        interval: '1s',
      },
    }),
    hasJobSets: false,
  },
  'several metrics are a JobSet where there are JobSets': { set: setOf([fio, ioping]), hasJobSets: true },
};

for (const [name, { set, hasJobSets }] of Object.entries(cases)) {
  test(name, async () => {
    const claims = runClaims(set, place);
    const objects = { claims, workloads: runWorkloads(set, place, claims, image, hasJobSets) };
    assert.deepEqual(metricSetProblems(set.spec), []);
    assertGolden(name, objects);
    for (const claim of objects.claims) assert.deepEqual(await objectFaults(claim), []);
    for (const job of jobsOf(objects)) {
      assert.deepEqual(await objectFaults(job), []);
      assertInjectable(job.spec?.template ?? {});
    }
  });
}

test('names leave room for what Jobs put behind them, and differ where MetricSets do', () => {
  const long = `${'storage-of-the-database.'.repeat(10)}a`;
  const other = `${'storage-of-the-database.'.repeat(10)}b`;
  const stems = [long, other, 'fast.ssd', 'fast-ssd'].map((name) => stemOf({ name }));
  assert.equal(new Set(stems).size, stems.length);
  for (const stem of stems) assert.match(stem, /^[a-z][-a-z0-9]{0,41}[a-z0-9]$/);
});

/** By a namespace that enforces `restricted`, as a member of the MetricSet's run. */
function assertInjectable({ metadata, spec }: V1PodTemplateSpec): void {
  const pod: V1Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, generateName: 'job-' },
    ...(spec !== undefined && { spec }),
  };
  const request = requestOf({
    pod,
    namespace: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
  const answer = admitPod(request);
  assert.equal(answer.kind, 'inject', JSON.stringify(answer));
  assert.deepEqual(answer.warnings, [
    `podometer: there is no MetricSet ${answer.identity.name} in this namespace`,
  ]);
  assertSoundInjection(request, answer);
  assert.equal(answer.identity.kind, 'MetricSet');
}

function jobsOf({ workloads }: RunObjects): V1Job[] {
  return workloads.flatMap((workload) => {
    if (workload.kind === 'Job') return workload as V1Job;
    const { replicatedJobs } = workload.spec as { replicatedJobs: { template: Workload }[] };
    return replicatedJobs.map(
      ({ template }) => ({ apiVersion: 'batch/v1', kind: 'Job', ...template }) as V1Job,
    );
  });
}

function assertGolden(name: string, objects: RunObjects): void {
  const file = new URL(`${name.replaceAll(/[^a-z0-9]+/gi, '-')}.json`, EXPECTED);
  const text = `${JSON.stringify(objects, undefined, 2)}\n`;
  if (process.env.UPDATE === '1') {
    mkdirSync(EXPECTED, { recursive: true });
    writeFileSync(file, text);
  }
  assert.equal(text, readFileSync(file, 'utf8'), `${name}: UPDATE=1 writes it anew`);
}
