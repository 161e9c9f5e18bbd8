import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseStatus, statusFields } from '../../../agent/procfs/status.ts';

function status(text: string | Buffer): Record<string, number> {
  const into = new Float64Array(statusFields.length);
  parseStatus(Buffer.from(text), into);
  return Object.fromEntries(statusFields.map((field, i) => [field, into[i] ?? -1]));
}

test('memory comes in bytes and switches as they are', () => {
  const text = readFileSync('test/fixtures/containerd-pod/node.status', 'latin1');
  const found = status(text);
  assert.equal(found.VmHWM, Number(/VmHWM:\s+(\d+)/.exec(text)?.[1]) * 1024);
  assert.equal(found.voluntary_ctxt_switches, Number(/\nvoluntary_ctxt_switches:\s+(\d+)/.exec(text)?.[1]));
  assert.equal(
    found.nonvoluntary_ctxt_switches,
    Number(/nonvoluntary_ctxt_switches:\s+(\d+)/.exec(text)?.[1]),
  );
});

test('a zombie has switches and no memory', () => {
  const found = status(
    'Name:\tsh\nState:\tZ (zombie)\nvoluntary_ctxt_switches:\t8\nnonvoluntary_ctxt_switches:\t1\n',
  );
  assert.equal(found.VmHWM, Number.NaN);
  assert.equal(found.voluntary_ctxt_switches, 8);
});
