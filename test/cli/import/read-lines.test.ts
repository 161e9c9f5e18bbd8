import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readLines } from '../../../cli/import/read-lines.ts';
import { scratchFolder } from '../sample-history.ts';

function linesOf(t: TestContext, content: string | Buffer): string[] {
  const path = join(scratchFolder(t), 'text');
  writeFileSync(path, content);
  const pieces: Buffer[] = [];
  const lines = [...readLines(path, (bytes) => pieces.push(Buffer.from(bytes)))];
  assert.deepEqual(Buffer.concat(pieces), Buffer.from(content));
  assert.deepEqual(
    lines.map(({ number }) => number),
    lines.map((_, i) => i + 1),
  );
  return lines.map(({ text }) => text);
}

test('lines end with LF or CR LF, and the last one may have no end', (t) => {
  assert.deepEqual(linesOf(t, 'a\r\n\nb\rc\nd'), ['a', '', 'b\rc', 'd']);
  assert.deepEqual(linesOf(t, ''), []);
});

test('a text of many pieces is read whole, letters of several bytes across their borders too', (t) => {
  const lines = Array.from({ length: 200_000 }, (_, i) => `${i} äöü€𝄞`);
  assert.deepEqual(linesOf(t, lines.join('\n')), lines);
});

test('a line that does not fit, and one that is not UTF-8, are refused', (t) => {
  assert.throws(() => linesOf(t, `a\n${'x'.repeat(3 * 2 ** 20)}`), {
    name: 'RangeError',
    message: 'line 2 is longer than 1 MiB',
  });
  assert.throws(() => linesOf(t, Buffer.from([97, 10, 0xff, 10])), {
    name: 'TypeError',
    message: 'line 2 is not UTF-8',
  });
});
