import assert from 'node:assert/strict';
import { uptime } from 'node:os';
import { test } from 'node:test';
import { readBootId, readUptimeSeconds } from '../../../agent/procfs/boot.ts';

test('the boot has an id and an age', () => {
  assert.match(readBootId('/proc'), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.ok(Math.abs(readUptimeSeconds('/proc') - uptime()) < 2);
});
