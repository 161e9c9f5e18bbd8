import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CpuBudget } from '../../agent/cpu-budget.ts';

function spendTimes(budget: CpuBudget, times: number, costMs: number): void {
  for (let i = 0; i < times; i++) budget.spend(costMs);
}

test('the interval stays as asked for while ticks cost less than the budget', () => {
  const budget = new CpuBudget(100, 0.01);
  spendTimes(budget, 1000, 0.9);
  assert.equal(budget.intervalMs, 100);
});

test('the interval is stretched until the average tick fits the budget', () => {
  const budget = new CpuBudget(100, 0.01);
  spendTimes(budget, 2000, 3.5);
  assert.equal(budget.intervalMs, 500);
});

test('a cold start of a second does not stretch the interval', () => {
  const budget = new CpuBudget(100, 0.01);
  spendTimes(budget, 10, 30);
  assert.equal(budget.intervalMs, 100);
  spendTimes(budget, 100, 0.5);
  assert.equal(budget.intervalMs, 100);
});

test('the interval falls back only when half the budget would do', () => {
  const budget = new CpuBudget(100, 0.01);
  spendTimes(budget, 1000, 1.5);
  assert.equal(budget.intervalMs, 200);
  spendTimes(budget, 1000, 1.1);
  assert.equal(budget.intervalMs, 200);
  spendTimes(budget, 1000, 0.4);
  assert.equal(budget.intervalMs, 100);
});

test('a change of the interval is told once', () => {
  const budget = new CpuBudget(100, 0.01);
  const changes = Array.from({ length: 500 }, () => budget.spend(1.5)).filter(Boolean);
  assert.equal(changes.length, 1);
});

test('the interval is never longer than a minute', () => {
  const budget = new CpuBudget(1000, 0.01);
  spendTimes(budget, 500, 1e6);
  assert.equal(budget.intervalMs, 60_000);
});

test('what the agent uses besides leaves less for the ticks, and at least half', () => {
  const budget = new CpuBudget(100, 0.01);
  for (let i = 0; i < 1000; i++) budget.spend(0.4, 0.02);
  assert.equal(budget.intervalMs, 100);
  for (let i = 0; i < 1000; i++) budget.spend(0.8, 0.02);
  assert.equal(budget.intervalMs, 200);
});
