import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podTable } from '../../../cli/report/pod-table.ts';
import type { Pod, PodContainer } from '../../../protocol/pods.ts';
import { iso } from '../../aggregator/cluster/pod-fixtures.ts';

const style = { width: 100, paint: (_: unknown, text: string) => text, indent: '  ' };
const container = (change: Partial<PodContainer> = {}): PodContainer => ({
  name: 'main',
  role: 'main',
  image: 'train:1',
  restarts: 0,
  spells: [],
  ...change,
});
const pod = (name: string, change: Partial<Pod> = {}): Pod => ({
  name,
  uid: name,
  node: 'node-a',
  phase: 'Running',
  containers: [container()],
  ...change,
});
const spell = (exitCode: number, reason: string) => ({
  startedAt: iso(0),
  finishedAt: iso(60),
  exitCode,
  reason,
});

test('each container shows how it ended, how often it began again, and where', () => {
  const done = container({ name: 'fetch', role: 'init', spells: [spell(0, 'Completed')] });
  const table = podTable(
    [
      pod('train-a', {
        phase: 'Failed',
        containers: [done, container({ spells: [spell(137, 'OOMKilled')] })],
      }),
      pod('train-b', { containers: [container({ restarts: 2, spells: [{ startedAt: iso(70) }] })] }),
      pod('train-c', { phase: 'Pending', containers: [container({ waiting: 'ImagePullBackOff' })] }),
      pod('train-d', { phase: 'Failed', outcome: { endedAtMs: 1, reason: 'failed', cause: 'Evicted' } }),
      pod('train-e', { phase: 'Unknown', containers: [], outcome: { endedAtMs: 1, reason: 'deleted' } }),
    ],
    style,
  );
  assert.equal(
    table,
    `Pods
  POD      CONTAINER  STATE                      RAN  RESTARTS  NODE
  train-a  main       exit 137 OOMKilled  1 min 00 s         0  node-a
  train-b  main       running                      -         2  node-a
  train-c  main       ImagePullBackOff             -         0  node-a
  train-d  main       Evicted                      -         0  node-a
  train-e  -          deleted                      -         0  node-a
`,
  );
});

test('of very many pods the first are shown, and of a local run nothing', () => {
  const many = Array.from({ length: 60 }, (_, i) => pod(`train-${i}`));
  assert.match(podTable(many, style), /train-49[^\n]*\n {2}and 10 more; --json shows all\n$/);
  assert.equal(podTable([], style), '');
});
