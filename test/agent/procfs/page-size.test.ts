import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { pageSizeBytes, readPageSize } from '../../../agent/procfs/page-size.ts';

test('the page size is what the system says', () => {
  assert.equal(pageSizeBytes(), Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' })));
});

test('without an auxiliary vector it is the usual one', () => {
  assert.equal(readPageSize('/nowhere'), 4096);
});
