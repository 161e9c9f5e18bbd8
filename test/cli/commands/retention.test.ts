import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podometer } from '../podometer.ts';
import { sampleHistory } from '../sample-history.ts';

const runs = async (data: string): Promise<string[]> => {
  const { stdout } = await podometer(['runs', '--json', '--data', data]);
  return JSON.parse(stdout).runs.map(({ ref }: { ref: string }) => ref);
};

test('a dry run tells which runs would go and why, and changes nothing', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }, { n: 3 }]);
  await podometer(['tag', 'train@1', '--pin', '--data', data]);
  const limits = ['--runs', '1', '--baseline', '0'];
  const { stdout, code } = await podometer(['retention', ...limits, '--dry-run', '--data', data]);
  assert.equal(code, 0);
  assert.match(stdout, /train@2 +deleted .*its workload has 3 runs, and 1 are kept/);
  assert.match(stdout, /train@1 stays: it is pinned\./);
  assert.doesNotMatch(stdout, /train@3/);
  assert.deepEqual(await runs(data), ['train@3', 'train@2', 'train@1']);
});

test('with a yes the plan is done, without one nothing is', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const retain = (...more: string[]) =>
    podometer(['retention', '--runs', '1', '--baseline', '0', '--data', data, ...more], { answer: 'no' });
  await retain();
  assert.deepEqual(await runs(data), ['train@2', 'train@1']);
  await retain('--yes');
  assert.deepEqual(await runs(data), ['train@2']);
});

test('samples of old runs give way to levels', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  const { stdout } = await podometer([
    'retention',
    ...['--samples-for', '5m', '--yes', '--json', '--data', data],
  ]);
  const { steps, spared } = JSON.parse(stdout);
  assert.deepEqual([steps[0].run, steps[0].to, spared], ['train@1', 'levels', []]);
  assert.match(steps[0].why, /ended \d+ minutes ago, and samples are kept for 5 minutes/);
});

test('limits are named where none is given or one is not understood', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }]);
  for (const [argv, message] of [
    [[], /--samples-for, --levels-for/],
    [['--runs-for', '30'], /"30", which is not an age/],
    [['--bytes', '10GB'], /"10GB", which is not a size/],
  ] as const) {
    const { code, stderr } = await podometer(['retention', ...argv, '--data', data]);
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
});
