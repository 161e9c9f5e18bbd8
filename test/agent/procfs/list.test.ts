import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listPids } from '../../../agent/procfs/list.ts';

test('this process is listed, and nothing that is no pid', () => {
  const pids = listPids('/proc');
  assert.ok(pids.includes(process.pid));
  assert.ok(pids.every((pid) => Number.isInteger(pid) && pid > 0));
});
