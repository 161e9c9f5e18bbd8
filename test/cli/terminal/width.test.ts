import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutTo, printable, widthOf, wrapWords } from '../../../cli/terminal/width.ts';

test('a text is as wide as the places it takes in a terminal', () => {
  const widths: [string, number][] = [
    ['plain', 5],
    ['naïve', 5],
    ['e\u0301', 1],
    ['火車', 4],
    ['ｗｉｄｅ', 8],
    ['🚀', 2],
    ['👩‍🔬', 2],
    ['⚙️', 2],
    ['\u001b[31mred\u001b[0m', 3],
    ['a\u200bb', 2],
  ];
  for (const [text, width] of widths) assert.equal(widthOf(text), width, JSON.stringify(text));
});

test('a cut text ends in an ellipsis and is never wider than asked for', () => {
  assert.equal(cutTo('podometer', 9), 'podometer');
  assert.equal(cutTo('podometer', 6), 'podom…');
  assert.equal(cutTo('火車火車', 6), '火車…');
  assert.equal(widthOf(cutTo('火車火車', 4)), 3);
});

test('nothing that a program calls itself reaches the terminal as a control sequence', () => {
  assert.equal(printable('a\u001b[2Jb\r\nc\u0007\u009b31m'), 'a\\x1b[2Jb\\x0d\\x0ac\\x07\\x9b31m');
  assert.equal(printable('x\u202eexe.txt\u2028'), 'x\\u202eexe.txt\\u2028');
  assert.equal(printable('naïve 火車 🚀'), 'naïve 火車 🚀');
});

test('prose is broken between words, and a long word is left whole', () => {
  assert.deepEqual(wrapWords('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrapWords('a extraordinary b', 5), ['a', 'extraordinary', 'b']);
  assert.deepEqual(wrapWords('one two', Number.POSITIVE_INFINITY), ['one two']);
});
