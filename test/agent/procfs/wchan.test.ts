import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseWchan } from '../../../agent/procfs/wchan.ts';

test('the name of the function is what the file holds', () => {
  assert.equal(parseWchan(Buffer.from('anon_pipe_read')), 'anon_pipe_read');
});

test('a thread that runs waits nowhere', () => {
  assert.equal(parseWchan(readFileSync('test/fixtures/cgroup-v2-throttled/proc/wchan')), undefined);
  assert.equal(parseWchan(Buffer.alloc(0)), undefined);
});
