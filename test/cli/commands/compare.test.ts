import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { CompareAnswer } from '../../../protocol/query.ts';
import { podometer } from '../podometer.ts';
import { sampleHistory } from '../sample-history.ts';

test('two runs stand side by side, with what is usual and what one run a side cannot show', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4, cpuSeconds: 3 }]);
  const { code, stdout } = await podometer(['compare', 'train@3', 'train@4', '--data', data]);
  assert.equal(code, 0);
  assert.match(stdout, /^MEASURE +train@3 +train@4 +DELTA +CHANGE +USUAL$/m);
  assert.match(stdout, /^CPU user +2\.00 s +3\.00 s +\+1\.00 s +\+50\.0 % +2\.00 s ± 0 s$/m);
  assert.match(stdout, /^One run a side cannot show whether a difference is more than noise/m);
  assert.match(stdout, /^USUAL: .* of 2 earlier runs\.$/m);
  assert.match(stdout, /^worker +1 -> 1 +2\.00 s +3\.00 s +\+1\.00 s$/m);
  assert.doesNotMatch(stdout, /Caution|^read |^sh /m);
});

test('what forbids the comparison comes before it', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2, outcome: undefined, workload: 'other' }]);
  const { stdout } = await podometer(['compare', 'train@1', 'other@1', '--data', data]);
  assert.match(stdout, /^Caution: other@1 .*\nCaution: Different workloads: train and other\.\n/);
});

test('--json gives the shape of the HTTP API', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }]);
  const { stdout } = await podometer(['compare', 'train@1', 'train@2', '--json', '--data', data]);
  assert.ok(Value.Check(CompareAnswer, JSON.parse(stdout)));
});

test('two runs are needed', async () => {
  const { code, stderr } = await podometer(['compare', 'train@1']);
  assert.equal(code, 2);
  assert.match(stderr, /podometer compare BASELINE RUN/);
});
