/** docs/configuration.md is made from the tables of settings: `UPDATE=1 node --test test/docs/configuration.test.ts`. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { agentSettings } from '../../agent/config.ts';
import { injectorSettings } from '../../injector/config.ts';
import type { SettingTable } from '../../lib/config.ts';

const file = join(import.meta.dirname, '..', '..', 'docs', 'configuration.md');

const INTRODUCTION = `# Configuration

The programs that run in a cluster are configured by their environment alone. It is checked at the start: a value that
breaks its rule ends the program with exit code 2 and one line that names the variable, the value and the rule
(\`PODO_BAD_CONFIG\`). A variable that is empty counts as absent.

Made from the tables in the code by \`UPDATE=1 node --test test/docs/configuration.test.ts\`; do not edit.
`;

function section(title: string, about: string, table: SettingTable): string {
  const entries = Object.values(table).map(({ variable, doc, rule, fallback, isRequired }) => {
    const absent = fallback === undefined ? 'Absent by default.' : `Default: \`${fallback || '(empty)'}\`.`;
    return `- **\`${variable}\`**: ${doc}\n  It must be ${rule}. ${isRequired ? '**Required.**' : absent}\n`;
  });
  return `\n## ${title}\n\n${about}\n\n${entries.join('')}`;
}

test('docs/configuration.md says what the tables of settings say', () => {
  const expected = [
    INTRODUCTION,
    section(
      'The agent',
      'Set by the injector; by hand where there is none. `podometer agent --check` says what an agent would measure with them.',
      agentSettings,
    ),
    section('The injector', 'Set by the chart, from its values.', injectorSettings),
  ].join('');
  if (process.env.UPDATE === '1') writeFileSync(file, expected);
  assert.ok(
    readFileSync(file, 'utf8') === expected,
    'run UPDATE=1 node --test test/docs/configuration.test.ts',
  );
});
