import assert from 'node:assert/strict';
import { uptime } from 'node:os';
import { test } from 'node:test';
import { readBootId, readBootTimeSeconds, readUptimeSeconds } from '../../../agent/procfs/boot.ts';

test('the boot has an id and an age', () => {
  assert.match(readBootId('/proc'), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.ok(Math.abs(readUptimeSeconds('/proc') - uptime()) < 2);
});

test('the time of the boot is the present less the age', () => {
  const bootedAt = Date.now() / 1000 - readUptimeSeconds('/proc');
  assert.ok(Math.abs(readBootTimeSeconds('/proc') - bootedAt) < 3);
});
