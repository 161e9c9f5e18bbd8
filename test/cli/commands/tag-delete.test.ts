import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { podometer } from '../podometer.ts';
import { sampleHistory, scratchFolder } from '../sample-history.ts';

test('tags, note and pin of a run can be set and taken away', async (t) => {
  const data = await sampleHistory(t, [{ n: 1, tags: { lr: '0.1' } }]);
  const tag = async (...argv: string[]) => {
    const { stdout } = await podometer(['tag', 'train@1', ...argv, '--json', '--data', data]);
    const { tags, note, pinned } = JSON.parse(stdout);
    return { tags, note, pinned };
  };
  assert.deepEqual(await tag('branch=main', '--note', 'after the fix', '--pin'), {
    tags: { lr: '0.1', branch: 'main' },
    note: 'after the fix',
    pinned: true,
  });
  assert.deepEqual(await tag('--remove', 'lr', '--note', '', '--unpin'), {
    tags: { branch: 'main' },
    note: undefined,
    pinned: false,
  });
  const { stdout } = await podometer(['tag', 'train@1', 'a=b', '--pin', '--data', data]);
  assert.equal(stdout, 'train@1  branch=main a=b  (pinned)\n');
});

test('a tag command that changes nothing, or both pins and unpins, is refused', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  for (const argv of [[], ['--pin', '--unpin'], ['no-value'], ['--remove', 'not a key']]) {
    const { code, stderr } = await podometer(['tag', 'train@1', ...argv, '--data', data]);
    assert.equal(code, 2);
    assert.match(stderr, /PODO_USAGE/, argv.join(' '));
  }
});

test('a run is deleted after a yes, and not after anything else', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const remove = (answer: string) => podometer(['delete', 'train@1', '--data', data], { answer });
  assert.equal((await remove('')).stdout, 'Nothing was deleted.\n');
  assert.equal((await remove('no')).stdout, 'Nothing was deleted.\n');
  assert.equal((await remove('y')).stdout, 'Deleted train@1.\n');
  assert.match((await remove('y')).stderr, /PODO_RUN_NOT_FOUND/);
});

test('where nobody can be asked, --yes is needed', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const { code, stderr } = await podometer(['delete', 'train@1', '--data', data]);
  assert.equal(code, 2);
  assert.match(stderr, /Give --yes/);
  const { stdout } = await podometer(['delete', 'train@1', 'train@2', 'train@1', '--yes', '--data', data]);
  assert.equal(stdout, 'Deleted train@1, train@2.\n');
});

test('with --json the runs that were deleted are listed', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const remove = async (answer: string) =>
    JSON.parse((await podometer(['delete', 'train@1', '--data', data, '--json'], { answer })).stdout);
  assert.deepEqual(await remove('no'), { deleted: [] });
  const { deleted } = await remove('y');
  assert.deepEqual(
    deleted.map(({ ref, id }: { ref: string; id: string }) => [ref, typeof id]),
    [['train@1', 'string']],
  );
});

test('nothing is deleted where one of the runs goes on or does not exist', async (t) => {
  const data = await sampleHistory(t, [
    { n: 9, outcome: undefined },
    { n: 1, workload: 'build' },
  ]);
  for (const [other, code] of [
    ['train@1', 'PODO_RUN_RUNNING'],
    ['train@9', 'PODO_RUN_NOT_FOUND'],
  ] as const) {
    const { stderr } = await podometer(['delete', 'build@1', other, '--yes', '--data', data]);
    assert.match(stderr, new RegExp(code));
  }
  assert.equal((await podometer(['show', 'build@1', '--data', data])).code, 0);
});

test('tag and delete make no history where there is none', async (t) => {
  const data = `${scratchFolder(t)}/none`;
  for (const argv of [
    ['tag', 'a@1', 'k=v'],
    ['delete', 'a@1', '--yes'],
  ]) {
    assert.match((await podometer([...argv, '--data', data])).stderr, /PODO_STORE_MISSING/);
  }
  assert.equal(existsSync(data), false);
});
