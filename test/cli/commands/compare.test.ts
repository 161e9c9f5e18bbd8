import assert from 'node:assert/strict';
import { test } from 'node:test';
import Value from 'typebox/value';
import { CompareAnswer } from '../../../protocol/comparison.ts';
import { podometer } from '../podometer.ts';
import { sampleHistory } from '../sample-history.ts';

test('two runs stand side by side, with what is usual and what one run a side cannot show', async (t) => {
  const data = await sampleHistory(t, [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4, cpuSeconds: 3 }]);
  const { code, stdout } = await podometer(['compare', 'train@3', 'train@4', '--data', data]);
  assert.equal(code, 0);
  assert.match(stdout, /^MEASURE +train@3 +train@4 +DELTA +CHANGE +USUAL$/m);
  assert.match(stdout, /^CPU user +2\.00 s +3\.00 s +\+1\.00 s +\+50\.0 % +2\.00 s ± 0 s$/m);
  assert.match(
    stdout,
    /^One run a side cannot show whether a difference is more than noise; the 2 runs before took 3\.00 s/m,
  );
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
  assert.match(stderr, /podometer compare BASELINE RUNS/);
});

const sixRuns = [2, 2.02, 1.98, 2.01, 1.99, 2.03].map((cpuSeconds, i) => ({
  n: i + 1,
  cpuSeconds,
  tags: { commit: 'abc' },
}));
const slowRuns = [3, 3.02, 2.98, 3.01, 2.99, 3.03].map((cpuSeconds, i) => ({
  n: i + 7,
  cpuSeconds,
  tags: { commit: 'def' },
}));

test('two sets of runs have a verdict, an interval and a p for each measure', async (t) => {
  const data = await sampleHistory(t, [...sixRuns, ...slowRuns]);
  const { code, stdout } = await podometer(['compare', 'train@1..6', 'train@7..12', '--data', data]);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^CPU time rose by 48 % \(2\.10 s -> 3\.10 s; \d+(\.\d+)? %: .*; p = 0\.0027\): more than chance explains\.$/m,
  );
  assert.match(
    stdout,
    /^MEASURE +train@1\.\.6 \(6 runs\) +train@7\.\.12 \(6 runs\) +DELTA +CHANGE +INTERVAL +P +VERDICT/m,
  );
  assert.match(stdout, /^CPU time .* worse/m);
  assert.match(stdout, /^wall time .* no change/m);
});

test('groups by a tag and the last good runs are sides too', async (t) => {
  const data = await sampleHistory(t, [...sixRuns, ...slowRuns]);
  const tagged = await podometer([
    'compare',
    'train',
    '--tag',
    'commit=abc',
    '--tag',
    'commit=def',
    '--data',
    data,
  ]);
  assert.match(tagged.stdout, /train@commit=abc \(6 runs\) +train@commit=def \(6 runs\)/);
  const baseline = await podometer(['compare', 'train@7', '--baseline', 'last:5', '--data', data]);
  assert.match(baseline.stdout, /train@last:5 \(5 runs\) +train@7 /);
  assert.match(baseline.stdout, /^CPU time rose by 47 % .*: more than earlier runs scatter\.$/m);
});

test('one tag is a side beside the good runs before, and names its workload where only one has such runs', async (t) => {
  const data = await sampleHistory(t, [...sixRuns, ...slowRuns]);
  const compare = (...given: string[]) => podometer(['compare', ...given, '--data', data]);
  const named = await compare('train', '--tag', 'commit=def', '--baseline', 'last:4');
  assert.match(named.stdout, /train@last:4 \(4 runs\) +train@commit=def \(6 runs\)/);
  assert.deepEqual(await compare('--tag', 'commit=def', '--baseline', 'last:4'), named);
  const two = await compare('--tag', 'commit=abc', '--tag', 'commit=def');
  assert.match(two.stdout, /train@commit=abc \(6 runs\) +train@commit=def \(6 runs\)/);
  const none = await compare('--tag', 'commit=xyz', '--baseline', 'last:4');
  assert.match(none.stderr, /No run has the tag commit=xyz \[PODO_RUN_NOT_FOUND\]/);
});

test('a tag that runs of several workloads have needs the workload', async (t) => {
  const [first] = sixRuns;
  assert.ok(first);
  const data = await sampleHistory(t, [...sixRuns, { ...first, n: 7, workload: 'eval' }]);
  const { code, stderr } = await podometer([
    'compare',
    '--tag',
    'commit=abc',
    '--baseline',
    'last:2',
    '--data',
    data,
  ]);
  assert.equal(code, 2);
  assert.match(
    stderr,
    /Runs of eval and train have the tag commit=abc \[PODO_USAGE\]\n.*podometer compare \w+ --tag commit=abc/,
  );
});

test('--fail-on decides the exit code and says why, in every format', async (t) => {
  const data = await sampleHistory(t, [...sixRuns, ...slowRuns]);
  const compare = (...options: string[]) =>
    podometer(['compare', 'train@1..6', 'train@7..12', '--data', data, ...options]);
  const broken = await compare('--fail-on', 'cpu>5%,wall>5%');
  assert.equal(broken.code, 1);
  assert.match(broken.stdout, /^FAILED {2}CPU time rose by 48 %, and 5 % is allowed; p = 0\.0022$/m);
  assert.match(broken.stdout, /^passed {2}wall time/m);
  assert.equal((await compare('--fail-on', 'cpu>50%')).code, 0);
  const markdown = await compare('--fail-on', 'cpu>5%', '--format', 'markdown');
  assert.match(markdown.stdout, /^- ❌ CPU time rose by 48 %/m);
  assert.match(
    markdown.stdout,
    /^\| CPU time \| 2\.10 s \| 3\.10 s \| \+47\.5 % \| .* \| \*\*worse\*\* \|$/m,
  );
  const junit = await compare('--fail-on', 'cpu>5%,wall>5%', '--format', 'junit');
  assert.match(junit.stdout, /<testsuites name="podometer compare" tests="2" failures="1">/);
  assert.match(junit.stdout, /name="cpuSeconds &gt; 5 %"><failure message="CPU time rose by 48 %/);
  const json = await compare('--fail-on', 'cpu>5%', '--format', 'json');
  const answer: unknown = JSON.parse(json.stdout);
  assert.ok(Value.Check(CompareAnswer, answer));
  assert.deepEqual(
    answer.gate?.map(({ measure, failed }) => [measure, failed]),
    [['cpuSeconds', true]],
  );
});

test('options that mean nothing are refused before anything is read', async () => {
  for (const [given, complaint] of [
    [['train', '--tag', 'commit=abc'], /two sides, named in one way/],
    [['a', 'b', '--baseline', 'last:3'], /two sides, named in one way/],
    [[], /two sides, named in one way/],
    [['train@1'], /two sides, named in one way/],
    [['a', '--tag', 'x=1', '--tag', 'y=2', '--baseline', 'last:3'], /two sides, named in one way/],
    [['a', '--baseline', '3'], /which is not last:N/],
    [['a', 'b', '--fail-on', 'wall<5'], /holds "wall<5", which is not a rule/],
    [['a', 'b', '--fail-on', 'walls>5%'], /names "walls".*\n.*wall/],
    [['a', 'b', '--measures', 'speed'], /names "speed"/],
    [['a', 'b', '--leave-out', 'slow'], /names "slow"/],
    [['a', 'b', '--effect', '200'], /not a percentage/],
  ] as const) {
    const { code, stderr } = await podometer(['compare', ...given]);
    assert.equal(code, 2);
    assert.match(stderr, complaint);
  }
});
