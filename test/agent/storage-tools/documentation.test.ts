import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { optionsOfJobFiles } from '../../../agent/storage-tools/fio-job-options.ts';
import { storageTools } from '../../../agent/storage-tools/index.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/storage-metrics.md'), 'utf8');

/** By the tool's name, from the table of options. */
function optionsTold(): Map<string, string[]> {
  const told = new Map<string, string[]>();
  let tool = '';
  const [, table = ''] = page.split('| option ');
  for (const line of table.split('\n\n', 1)[0]?.split('\n') ?? []) {
    const [, name = '', option] = /^\| +(?:`(\w+)`)? +\| +`(\w+)`/.exec(line) ?? [];
    tool = name || tool;
    if (option !== undefined) told.set(tool, [...(told.get(tool) ?? []), option]);
  }
  return told;
}

test('the page on storage metrics tells of every tool and each of its options', () => {
  const told = optionsTold();
  for (const { name, options } of storageTools) {
    const all = Object.keys(options.properties).filter((key) => key !== 'profile');
    assert.deepEqual(told.get(name)?.toSorted(), all.toSorted(), name);
  }
});

test('it lists what a job file may say', () => {
  const [list = ''] = /^> `[\s\S]*?\n\n/m.exec(page) ?? [];
  const listed = [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  assert.deepEqual(listed, [...optionsOfJobFiles]);
});
