import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseIdentity, parseStatus, readIdentity, statusFields } from '../../../agent/procfs/status.ts';

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

test('who a process of a pod is, seen from the host', () => {
  assert.deepEqual(parseIdentity(readFileSync('test/fixtures/containerd-pod/sleep.status', 'latin1')), {
    uid: 1000,
    effectiveUid: 1000,
    gid: 1000,
    effectiveGid: 1000,
    innermostPid: 19,
    effectiveCapabilities: 0n,
  });
});

test('real and effective ids stand apart, capabilities are exact, and an old kernel knows no inner pid', () => {
  const identity = parseIdentity('Uid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nCapEff:\t800001fffeffffff\n');
  assert.deepEqual([identity.uid, identity.effectiveUid, identity.gid, identity.effectiveGid], [1, 2, 5, 6]);
  assert.equal(identity.effectiveCapabilities, 0x8000_01ff_feff_ffffn);
  assert.equal(identity.innermostPid, undefined);
});

test('this process knows itself', () => {
  const identity = readIdentity('/proc', 'self');
  assert.ok(typeof identity === 'object');
  assert.equal(identity.uid, process.getuid?.());
  assert.equal(identity.innermostPid, process.pid);
});
