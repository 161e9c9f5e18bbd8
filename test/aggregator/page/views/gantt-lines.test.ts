import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ganttLines } from '../../../../aggregator/page/views/gantt-lines.ts';
import type { ProcessView } from '../../../../protocol/query.ts';

function process(key: string, startMs: number, member: string, parent?: string): ProcessView {
  const rest = { pid: 1, role: 'target', comm: key, samples: 1 } as const;
  return { key, startMs, member, ...rest, ...(parent !== undefined && { parent }) };
}

const shown = (processes: readonly ProcessView[]) =>
  ganttLines(processes).lines.map((one) =>
    'process' in one ? `${'  '.repeat(one.depth)}${one.process.key}` : one.place,
  );

test('processes of several pods stand below the name of their pod, pods in the order of their first starts', () => {
  const processes = [
    process('0.0', 5, 'b'),
    process('1.0', 0, 'a'),
    process('1.1', 9, 'a', '1.0'),
    process('0.1', 6, 'b'),
  ];
  assert.deepEqual(shown(processes), ['a', '1.0', '  1.1', 'b', '0.0', '0.1']);
  const lines = ganttLines(processes);
  assert.deepEqual(
    lines.processes.map(({ option, line }) => [option, line]),
    [
      [0, 1],
      [1, 2],
      [2, 4],
      [3, 5],
    ],
  );
});

test('of one place there is no heading', () => {
  assert.deepEqual(shown([process('0.0', 0, 'a'), process('0.1', 1, 'a', '0.0')]), ['0.0', '  0.1']);
});
