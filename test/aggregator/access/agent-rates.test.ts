import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentRates } from '../../../aggregator/access/agent-rates.ts';

test('an agent may deliver what it kept at once, is then slowed down, and others are not', () => {
  let nowMs = 0;
  const rates = new AgentRates({ monotonicMs: () => nowMs, wallMs: () => 0 });
  for (let i = 0; i < 500; i++) assert.equal(rates.take('a'), 0);
  const waitMs = rates.take('a');
  assert.ok(waitMs > 0 && waitMs <= 50);
  assert.equal(rates.take('b'), 0);
  nowMs += waitMs;
  assert.equal(rates.take('a'), 0);
  assert.ok(rates.take('a') > 0);
});
