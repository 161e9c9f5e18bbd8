import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { judgeRun } from '../../../aggregator/query/judge-run.ts';
import type { RunRecord } from '../../../aggregator/store/model.ts';
import { Judgement } from '../../../protocol/judgement.ts';
import { FakeStore, member, openMember, run, START_MS, stateOf, totalsOf } from '../fake-store.ts';

const host = {
  hostname: 'box',
  platform: 'linux',
  architecture: 'x64',
  kernel: '6.1.0',
  cpuModel: 'Fast 9000',
  cores: 8,
  memoryBytes: 16 * 2 ** 30,
};

const usual = [10, 10.2, 9.9, 10.1, 9.8, 10.3, 10, 9.9, 10.1, 10.2];

function lasting(
  number: number,
  wallSeconds: number,
  change: Partial<RunRecord> = {},
  peakRssBytes = 2 ** 30,
): RunRecord {
  const totals = totalsOf({ wallSeconds: wallSeconds * 1000, peakRssBytes });
  return run(number, { host, members: [member({ totals })], ...change });
}

function judged(
  record: RunRecord,
  earlier: readonly RunRecord[] = usual.map((wall, i) => lasting(i + 1, wall)),
) {
  return judgeRun({ index: new FakeStore(...earlier, record), stateOf }, record);
}

test('a run that took longer than the good ones before it scatter has regressed', () => {
  const judgement = judged(lasting(11, 12));
  assert.equal(judgement?.verdict, 'regressed');
  assert.match(
    judgement?.sentence ?? '',
    /^Regressed: wall time rose by 19 % against the 10 good runs before it \(p (<|<=) 0\.\d+\)\.$/,
  );
  assert.deepEqual(
    judgement?.against,
    usual.map((_, i) => `train@${i + 1}`),
  );
  assert.ok(Value.Check(Judgement, judgement));
});

test('a run like those before it is as usual, a faster one improved, and one that is both is mixed', () => {
  assert.equal(judged(lasting(11, 10.4))?.verdict, 'usual');
  assert.equal(judged(lasting(11, 8))?.verdict, 'improved');
  assert.equal(judged(lasting(11, 8, {}, 2 ** 31))?.verdict, 'mixed');
});

test('a change below the smallest worth naming is usual, however little the others scatter', () => {
  const still = usual.map((_, i) => lasting(i + 1, 10));
  assert.equal(judged(lasting(11, 10.2), still)?.verdict, 'usual');
  assert.equal(judged(lasting(11, 10.5), still)?.verdict, 'regressed');
});

test('only good runs on the same type of host, before the run, are held against it', () => {
  const outcome = { endedAtMs: START_MS + 1, exitCode: 1, reason: 'exited' } as const;
  const others = [
    lasting(1, 10),
    lasting(2, 50, { members: [member({ outcome })] }),
    lasting(3, 10.1),
    lasting(4, 90, { host: { ...host, cores: 2 } }),
    lasting(5, 10.2),
    lasting(6, 1, { members: [openMember()] }),
    lasting(7, 9.9),
    lasting(9, 99),
  ];
  assert.deepEqual(judged(lasting(8, 10), others)?.against, ['train@1', 'train@3', 'train@5', 'train@7']);
});

test('too few good runs are said to be too few, and nothing is said of the first, a failed or a running one', () => {
  assert.equal(
    judged(lasting(3, 40), [lasting(1, 10), lasting(2, 10)])?.sentence,
    'Not judged: 2 good runs before it on this type of host, and 4 are needed.',
  );
  assert.equal(judged(lasting(1, 10), []), undefined);
  const outcome = { endedAtMs: START_MS + 1, signal: 'SIGKILL', reason: 'signalled' } as const;
  assert.equal(judged(lasting(11, 10, { members: [member({ outcome })] })), undefined);
  assert.equal(judged(lasting(11, 10, { members: [openMember()] })), undefined);
});
