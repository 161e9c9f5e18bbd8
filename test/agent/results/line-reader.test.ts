import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineReader } from '../../../agent/results/line-reader.ts';

function linesOf(mostBytes: number, ...pieces: readonly string[]): string[] {
  const lines: string[] = [];
  const reader = new LineReader(mostBytes, (line) => lines.push(line));
  for (const piece of pieces) reader.push(Buffer.from(piece, 'latin1'));
  reader.end();
  return lines;
}

test('lines come whole however the bytes are cut, and the last one without its end', () => {
  assert.deepEqual(linesOf(100, 'on', 'e\ntw', 'o\nthr', 'ee'), ['one', 'two', 'three']);
});

test('a carriage return ends a line, and empty lines are left out', () => {
  assert.deepEqual(linesOf(100, '10 %\r20 %\r\n\n30 %'), ['10 %', '20 %', '30 %']);
});

test('of a long line the beginning is told, and the next line is whole', () => {
  assert.deepEqual(linesOf(4, 'abcdefgh', 'ijkl\nxy\n'), ['abcd', 'xy']);
});

test('bytes that are no UTF-8 do no harm', () => {
  assert.deepEqual(linesOf(100, 'a\xff=1\n'), ['a\ufffd=1']);
});
