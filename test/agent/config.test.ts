import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentSettings, readAgentConfig } from '../../agent/config.ts';
import { agentEnvironment } from '../../protocol/names.ts';

const needed = {
  PODOMETER_POD_NAME: 'pod-1',
  PODOMETER_POD_UID: 'c1e9d4e6-10ca-4eec-9529-7c150debfcde',
  PODOMETER_NAMESPACE: 'team',
};

test('an agent needs to be told its pod, and has a default for all else', () => {
  const config = readAgentConfig(needed);

  assert.equal(config.podName, 'pod-1');
  assert.equal(config.intervalMs, 1000);
  assert.deepEqual(config.choice.metrics, ['performance', 'time', 'pressure']);
  assert.equal(config.containers, undefined);
  assert.equal(config.aggregatorUrl, undefined);
  assert.equal(config.recordArgs, false);
  assert.equal(config.lifecycle, 'sidecar');
  for (const missing of Object.keys(needed)) {
    assert.throws(() => readAgentConfig({ ...needed, [missing]: undefined }), {
      code: 'PODO_BAD_CONFIG',
      message: `${missing} is not set`,
    });
  }
});

test('tags are key=value, and what is no tag is refused by the variable’s name', () => {
  const read = (text: string) => readAgentConfig({ ...needed, PODOMETER_TAGS: text }).tags;

  assert.deepEqual(read('commit=abc, lr=0.1,note='), { commit: 'abc', lr: '0.1', note: '' });
  for (const bad of ['commit', '=x', 'a=1,,b=2']) {
    assert.throws(() => read(bad), { code: 'PODO_BAD_CONFIG', message: /^PODOMETER_TAGS is / }, bad);
  }
});

test('a grace period that nobody can have is refused', () => {
  const read = (text: string) => readAgentConfig({ ...needed, PODOMETER_GRACE_PERIOD: text }).gracePeriodMs;

  assert.deepEqual([read('1s'), read('90s'), read('3600s')], [1000, 90_000, 3_600_000]);
  for (const bad of ['0s', '30', '3601s', '-1s']) {
    assert.throws(() => read(bad), {
      code: 'PODO_BAD_CONFIG',
      message: `PODOMETER_GRACE_PERIOD is "${bad}"`,
    });
  }
});

test('every variable that the injector may set is read, each once', () => {
  const read = Object.values(agentSettings).map(({ variable }) => variable);

  assert.deepEqual(read.toSorted(), Object.values(agentEnvironment).toSorted());
});
