import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOutputPattern } from '../../../agent/results/output-pattern.ts';

function namesOf(text: string): readonly (string | undefined)[] {
  const pattern = parseOutputPattern(text);
  assert.ok(typeof pattern !== 'string', `${text} ${pattern}`);
  return pattern.names;
}

test('the figure of a pattern with one group has the name of the word before it', () => {
  assert.deepEqual(namesOf('loss=([0-9.]+)'), ['loss']);
  assert.deepEqual(namesOf('step\\s+(\\d+)'), ['step']);
  assert.deepEqual(namesOf('"val_loss": ([0-9.]+)'), ['val_loss']);
  assert.deepEqual(namesOf('(?:train|test) loss: (\\d+)'), ['loss']);
});

test('groups with names are figures, the others are none', () => {
  assert.deepEqual(namesOf('(a|b) (?<step>\\d+) \\( [()] (?:x) (?<loss>\\S+)'), [undefined, 'step', 'loss']);
});

test('a pattern that is no expression, has no group or no name is told what is wrong', () => {
  assert.match(String(parseOutputPattern('loss=([0-9')), /is no regular expression/);
  assert.match(String(parseOutputPattern('loss=[0-9]+')), /has no group/);
  assert.match(String(parseOutputPattern('^([0-9]+)$')), /does not tell how the figure is called/);
  assert.match(String(parseOutputPattern('a=(\\d+) b=(\\d+)')), /does not tell how the figure is called/);
  assert.match(String(parseOutputPattern(`a=(${'x'.repeat(1100)})`)), /is longer than 1024/);
});

test('a pattern that other engines take exponential time for answers at once', () => {
  const pattern = parseOutputPattern('x=((a+)+)$|n=(?<n>1)');
  assert.ok(typeof pattern !== 'string');
  assert.equal(pattern.regExp.exec(`x=${'a'.repeat(4000)}!`), null);
});

test('look-around and back references, which have no linear time, are refused', () => {
  assert.match(String(parseOutputPattern('loss=(?=x)(\\d+)')), /linear time/);
  assert.match(String(parseOutputPattern('(?<q>["\'])loss\\k<q>')), /linear time/);
});
