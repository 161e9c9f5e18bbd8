import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSeries, planSeries } from '../../../aggregator/query/series.ts';
import type { ColumnSeries, RunDirectory } from '../../../aggregator/store/model.ts';
import { PodometerError } from '../../../protocol/errors.ts';
import type { SeriesQuery } from '../../../protocol/query.ts';
import { FakeStore, member, processEntry, run, START_MS, series } from '../fake-store.ts';

const record = run(1, {
  startedAtMs: START_MS,
  members: [member({ outcome: { endedAtMs: START_MS + 1000, exitCode: 0, reason: 'exited' } })],
});

function ask(query: SeriesQuery, directory: Partial<RunDirectory>, samples: readonly ColumnSeries[]) {
  const store = new FakeStore();
  store.put(record, directory, samples);
  const known = store.directory(record.id);
  const plan = planSeries(query, record, known);
  const { lines } = buildSeries(plan, record, known, store.series(record.id, plan.request));
  return lines.map(({ subject, key, column, mean }) => [subject, key, column, ...mean]);
}

const containers = [
  { member: 0, index: 0, name: 'main' },
  { member: 0, index: 1, name: 'proxy' },
];
const processes = [
  processEntry({ index: 0, container: 0 }),
  processEntry({ index: 1, container: 0 }),
  processEntry({ index: 2, container: 1 }),
  processEntry({ index: 3, role: 'agent' }),
];
const cpu = processes.map(({ index }) =>
  series(
    'utimeTicks',
    [
      [0, 0],
      [1000, 100 * (index + 1)],
    ],
    { index },
  ),
);

test('what is not asked for by name is one line, without the agent', () => {
  const query = { columns: 'utimeTicks', processes: '0.1', together: 'others', points: 2 } as const;
  assert.deepEqual(ask(query, { processes, containers }, cpu), [
    ['process', '0.1', 'utimeTicks', 2, 2],
    ['process', 'others', 'utimeTicks', 4, 4],
  ]);
});

test('processes are added up by their containers', () => {
  const query = { columns: 'utimeTicks', together: 'containers', points: 2 } as const;
  assert.deepEqual(ask(query, { processes, containers }, cpu), [
    ['container', 'main', 'utimeTicks', 3, 3],
    ['container', 'proxy', 'utimeTicks', 3, 3],
  ]);
});

test('a level counts until the next sample, also in buckets without one, and not beyond the last', () => {
  const rss = [
    series('rssBytes', [
      [0, 10],
      [800, 30],
    ]),
    series(
      'rssBytes',
      [
        [250, 1],
        [400, 1],
      ],
      { index: 1 },
    ),
  ];
  const query = { columns: 'rssBytes', together: 'others', points: 4 } as const;
  assert.deepEqual(ask(query, { processes: processes.slice(0, 2) }, rss), [
    ['process', 'others', 'rssBytes', 10, 11, 10, 30],
  ]);
});

test('other subjects than processes cannot be added up', () => {
  const query = { columns: 'utimeTicks', processes: 'hosts', together: 'others' } as const;
  assert.throws(
    () => ask(query, { processes }, cpu),
    (error) => error instanceof PodometerError && error.code === 'PODO_BAD_REQUEST',
  );
});
