/** docs/configuration.md is made from the tables: `UPDATE=1 node --test test/docs/configuration.test.ts` writes it anew. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { agentSettings } from '../../agent/config.ts';
import { injectorSettings } from '../../injector/config.ts';
import type { SettingTable } from '../../lib/config.ts';

const file = join(import.meta.dirname, '..', '..', 'docs', 'configuration.md');

function table(settings: SettingTable): string[] {
  const rows = Object.values(settings).map(({ variable, rule, fallback, isRequired, doc }) => [
    `\`${variable}\``,
    isRequired ? 'required' : fallback === undefined || fallback === '' ? '' : `\`${fallback}\``,
    rule,
    doc,
  ]);
  return [
    '| variable | default | it must be | what it is |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`),
  ];
}

const expected = [
  '# Configuration',
  '',
  'Made from `agent/config.ts` and `injector/config.ts` by `UPDATE=1 node --test test/docs/configuration.test.ts`.',
  'A program of a cluster is configured by its environment alone, and ends with `PODO_BAD_CONFIG` where a variable breaks',
  'its rule. An empty variable counts as absent.',
  '',
  '## The agent',
  '',
  'Set by the injector, from the annotations of the pod.',
  '',
  ...table(agentSettings),
  '',
  '## The injector',
  '',
  'Set by the chart, from its values.',
  '',
  ...table(injectorSettings),
  '',
].join('\n');

test('docs/configuration.md tells of every variable as its program reads it', () => {
  if (process.env.UPDATE === '1') writeFileSync(file, expected);
  assert.ok(
    readFileSync(file, 'utf8') === expected,
    'run UPDATE=1 node --test test/docs/configuration.test.ts',
  );
});
