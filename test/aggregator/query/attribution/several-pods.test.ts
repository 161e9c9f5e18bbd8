/** Attribution in runs of several pods: which pod is which, and which one did it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runView } from '../../../../aggregator/query/run-view.ts';
import type { ComparedRun } from '../../../../aggregator/query/side.ts';
import { member, run } from '../../fake-store.ts';
import { explained } from './explained-runs.ts';

/** A rank's pod, and how long its one process took. */
type Pod = readonly [name: string, seconds: number];

function ofPods(pods: readonly Pod[], psiIoSeconds: readonly number[] = []): ComparedRun {
  const wall = Math.max(...pods.map(([, seconds]) => seconds));
  const record = run(1, {
    workload: { kind: 'Job', name: 'train', namespace: 'team' },
    members: pods.map(([name]) => member({ name })),
  });
  const cpuSeconds = pods.reduce((sum, [, seconds]) => sum + seconds, 0);
  return {
    run: { ...runView(record, 'finished'), measures: { wallSeconds: wall, cpuUserSeconds: cpuSeconds } },
    processes: pods.map(([name, seconds], place) => ({
      key: `${place}.0`,
      pid: 7,
      role: 'target',
      comm: 'train',
      container: 'main',
      member: name,
      startMs: 0,
      endMs: seconds * 1000,
      cpuUserSeconds: psiIoSeconds.length === 0 ? seconds : 1,
      samples: 1,
    })),
    containers: psiIoSeconds.map((seconds, place) => ({
      member: place,
      name: 'main',
      psiIoSeconds: seconds,
    })),
  };
}

const sentences = (a: ComparedRun, b: ComparedRun) => explained(a, b).map(({ sentence }) => sentence);

test('the pod that took longer is named, though its rank arrived in another order', () => {
  const a = ofPods([
    ['train-1-bcdfg', 10],
    ['train-0-hjklm', 20],
  ]);
  const b = ofPods([
    ['train-0-npqrs', 20],
    ['train-1-tvwxz', 26],
  ]);
  assert.deepEqual(sentences(a, b), [
    'wall time +6.00 s (+30 %): `train` in container `main` in pod `train-1-tvwxz` took 16.0 s longer, all of it on the CPU (CPU time +16.0 s).',
    'CPU time +16.0 s (+53 %): `train` in container `main` in pod `train-1-tvwxz` used 16.0 s more.',
  ]);
  assert.equal(explained(a, b)[0]?.causes[0]?.member, 'train-1-tvwxz');
});

test('what became slower in many pods is told of one, with how many they are', () => {
  const ranks = [0, 1, 2, 3];
  const a = ofPods(ranks.map((rank) => [`train-${rank}-bcdfg`, 10]));
  const b = ofPods(ranks.map((rank) => [`train-${rank}-hjklm`, rank === 0 ? 10 : 14]));
  const [wall = '', cpu = ''] = sentences(a, b);
  assert.match(wall, /^wall time .* in pod `train-\d-hjklm` took 4\.00 s longer, .*; so in 3 of 4 pods\.$/);
  assert.match(cpu, /: the 4 `train` in container `main` used 12\.0 s more in 3 of 4 pods together\.$/);
});

test('a container is held up by its own pressure, not by that of another pod', () => {
  const a = ofPods(
    [
      ['train-1-bcdfg', 10],
      ['train-0-hjklm', 10],
    ],
    [0, 0],
  );
  const b = ofPods(
    [
      ['train-0-npqrs', 10],
      ['train-1-tvwxz', 16],
    ],
    [0, 6],
  );
  assert.match(sentences(a, b)[0] ?? '', /`train-1-tvwxz` took 6\.00 s longer, .*\(IO pressure \+6\.00 s\)/);
});
