import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectorMatches } from '../../../injector/inject/label-selector.ts';

type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

const takes = (operator: Operator, values: string[] | undefined, labels: Record<string, string>): boolean =>
  selectorMatches(
    { matchExpressions: [{ key: 'stage', operator, ...(values !== undefined && { values }) }] },
    labels,
  );

test('each operator takes what Kubernetes takes, also where the label is missing', () => {
  const [none, test, live] = [{}, { stage: 'test' }, { stage: 'live' }];
  const taken = (operator: Operator, values?: string[]) =>
    [none, test, live].map((labels) => takes(operator, values, labels));
  assert.deepEqual(taken('In', ['test', 'dev']), [false, true, false]);
  assert.deepEqual(taken('NotIn', ['test']), [true, false, true]);
  assert.deepEqual(taken('Exists'), [false, true, true]);
  assert.deepEqual(taken('DoesNotExist'), [true, false, false]);
});

test('labels and expressions must all hold, and an empty selector takes everything', () => {
  const selector = {
    matchLabels: { app: 'web', tier: 'front' },
    matchExpressions: [{ key: 'stage', operator: 'Exists' as const }],
  };
  assert.equal(selectorMatches(selector, { app: 'web', tier: 'front', stage: 'test' }), true);
  assert.equal(selectorMatches(selector, { app: 'web', tier: 'front' }), false);
  assert.equal(selectorMatches(selector, { app: 'web', stage: 'test' }), false);
  assert.equal(selectorMatches({}, {}), true);
});
