import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { widthOf } from '../../../cli/terminal/width.ts';
import { RunsPage } from '../../../protocol/run-list.ts';
import { podometer } from '../podometer.ts';
import { sampleHistory, scratchFolder } from '../sample-history.ts';

const killed = { reason: 'signalled', signal: 'SIGKILL' } as const;

test('the runs are listed newest first, in full where no terminal limits them', async (t) => {
  const data = await sampleHistory(t, [
    { n: 1, tags: { branch: 'main', lr: '0.1' } },
    { n: 2, workload: 'build', outcome: killed },
    { n: 3, cpuSeconds: 6, outcome: { reason: 'exited', exitCode: 3 } },
  ]);
  const { code, stdout, stderr } = await podometer(['runs', '--data', data]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(
    stdout,
    [
      'RUN      STATE    STARTED                     WALL     CPU  CORES  PEAK MEM  READ   WRITTEN  TAGS',
      'train@2  exit 3   2026-03-01T10:03:00.000Z  3.00 s  6.10 s   2.03  50.0 MiB   0 B  1.00 MiB',
      'build@1  SIGKILL  2026-03-01T10:02:00.000Z  3.00 s  2.10 s    0.7  50.0 MiB   0 B  1.00 MiB',
      'train@1  exit 0   2026-03-01T10:01:00.000Z  3.00 s  2.10 s    0.7  50.0 MiB   0 B  1.00 MiB  branch=main lr=0.1',
      '',
    ].join('\n'),
  );
});

test('at a terminal the table fits, and the start is told by how long ago it was', async (t) => {
  const data = await sampleHistory(t, [
    { n: 1, workload: 'a-workload-with-a-rather-long-name', tags: { a: 'b' } },
  ]);
  for (const columns of [40, 60, 80, 100, 140]) {
    const { stdout } = await podometer(['runs', '--data', data], { columns });
    for (const line of stdout.split('\n')) assert.ok(widthOf(line) <= columns, `${columns}: ${line}`);
  }
  const { stdout } = await podometer(['runs', '--data', data], { columns: 100 });
  assert.match(stdout, / 9 min ago /);
});

test('--json gives the shapes of the HTTP API', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const { stdout } = await podometer(['runs', '--json', '--limit', '1', '--data', data]);
  const page: unknown = JSON.parse(stdout);
  assert.ok(Value.Check(RunsPage, page));
  assert.deepEqual(
    page.runs.map((run) => run.ref),
    ['train@2'],
  );
  assert.ok(page.nextCursor);
});

test('runs are chosen by workload, state, outcome, tag and words', async (t) => {
  const data = await sampleHistory(t, [
    { n: 1, tags: { branch: 'main' } },
    { n: 2, workload: 'build', tags: { branch: 'main' } },
    { n: 3, outcome: undefined },
  ]);
  const refs = async (...argv: string[]): Promise<string[]> => {
    const { stdout } = await podometer(['runs', ...argv, '--json', '--data', data]);
    return JSON.parse(stdout).runs.map((run: { ref: string }) => run.ref);
  };
  assert.deepEqual(await refs('train'), ['train@2', 'train@1']);
  assert.deepEqual(await refs('--tag', 'branch=main'), ['build@1', 'train@1']);
  assert.deepEqual(await refs('--state', 'finished'), ['build@1', 'train@1']);
  assert.deepEqual(await refs('--outcome', 'succeeded', '--text', 'BUILD@1'), ['build@1']);
  assert.deepEqual(await refs('--outcome', 'failed'), []);
  assert.deepEqual(await refs('--host', 'elsewhere'), []);
  assert.deepEqual(await refs('build', '--tag', 'branch=other'), []);
});

test('a workload without runs is refused with the name that may have been meant', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const { code, stderr } = await podometer(['runs', 'trian', '--data', data]);
  assert.equal(code, 2);
  assert.match(stderr, /PODO_RUN_NOT_FOUND\]\n {2}Did you mean train@latest\?/);
});

test('a filter that leaves nothing says so on stderr', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  assert.deepEqual(await podometer(['runs', '--state', 'running', '--data', data]), {
    code: 0,
    stdout: '',
    stderr: 'There is no such run.\n',
  });
});

test('where nothing was measured yet, that is said and nothing is made', async (t) => {
  const { code, stderr } = await podometer(['runs', '--data', `${scratchFolder(t)}/none`]);
  assert.equal(code, 2);
  assert.match(stderr, /PODO_STORE_MISSING/);
});
