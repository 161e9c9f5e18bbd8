import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCapabilities } from '../../../agent/procfs/capabilities.ts';

function effective(hex: string): string[] {
  return [...parseCapabilities(Buffer.from(`Name:\tnode\nCapEff:\t${hex}\nCapBnd:\t000001ffffffffff\n`))];
}

test('the capabilities in force are told by their bits', () => {
  assert.deepEqual(effective('0000000000080002'), ['DAC_OVERRIDE', 'SYS_PTRACE']);
  assert.deepEqual(effective('0000000000080000'), ['SYS_PTRACE']);
  assert.deepEqual(effective('0000000000000000'), []);
  assert.deepEqual(effective('000001ffffffffff'), ['DAC_OVERRIDE', 'SYS_PTRACE']);
});

test('a status without capabilities has none', () => {
  assert.equal(parseCapabilities(Buffer.from('Name:\tnode\n')).size, 0);
});
