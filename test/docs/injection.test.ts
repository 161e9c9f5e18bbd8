/** Two lists of docs/injection.md are made from the code: `UPDATE=1 node --test test/docs/injection.test.ts`. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { annotationTable } from '../../injector/inject/annotations.ts';
import { skipReasons } from '../../injector/inject/skip-reasons.ts';

const file = join(import.meta.dirname, '../../docs/injection.md');

const annotations = annotationTable.map(
  ({ name, says, rule }) => `- **\`${name}\`**: ${says}\n  It must be ${rule}.\n`,
);

const reasons = Object.entries(skipReasons).map(([reason, { says, mend }]) => {
  const wayOut = mend === undefined ? '' : `\n  Way out: ${mend}.`;
  return `- **\`${reason}\`**: ${says}.${wayOut}\n`;
});

test('docs/injection.md has every annotation with its rule, and every reason to leave a pod alone', () => {
  const text = readFileSync(file, 'utf8');
  const expected = withList(withList(text, 'annotations', annotations), 'reasons', reasons);
  if (process.env.UPDATE === '1') writeFileSync(file, expected);
  assert.ok(readFileSync(file, 'utf8') === expected, 'run UPDATE=1 node --test test/docs/injection.test.ts');
});

function withList(text: string, name: string, entries: readonly string[]): string {
  const begin = `<!-- made from the code: ${name} -->\n`;
  const [before, after] = text.split(begin);
  assert.ok(before !== undefined && after !== undefined, `${name} has its place`);
  return `${before}${begin}\n${entries.join('')}\n${after.slice(after.indexOf('<!-- end -->'))}`;
}
