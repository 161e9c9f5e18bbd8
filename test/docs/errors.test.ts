import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorCatalogue } from '../../protocol/errors.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');

test('docs/errors.md has one line for each code, with its status and exit code, and for no other', () => {
  const lines = [...text.matchAll(/^\| `(PODO_\w+)` +\| (\d+) +\| (\d+) +\| \S.*\|$/gm)];
  const told = lines.map(([, code, status, exit]) => [code, Number(status), Number(exit)]);
  const known = Object.entries(errorCatalogue).map(([code, { status, exitCode }]) => [
    code,
    status,
    exitCode,
  ]);
  assert.deepEqual(told, known);
});
