import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storageTools } from '../../../agent/storage-tools/index.ts';
import { podometer } from '../podometer.ts';

test('the help of storage tells every tool with its profiles, and each option that --set takes', async () => {
  const { stdout } = await podometer(['storage', '--help']);
  const profileLine = stdout.split('\n').find((line) => line.includes('--profile NAME'));
  for (const { name, options } of storageTools) {
    const [, table] = stdout.split(`--set for ${name}\n`);
    const rows = table?.split('\n\n', 1)[0]?.split('\n') ?? [];
    const told = rows.map((row) => row.trim().split(' ', 1)[0] ?? '');
    const flags = Object.keys(options.properties).filter((key) => stdout.includes(`  --${key} `));
    assert.deepEqual([...told, ...flags].toSorted(), Object.keys(options.properties).toSorted(), name);
    const { enum: profiles = [] } = options.properties.profile as { enum?: readonly string[] };
    assert.ok(profileLine?.includes(`${name}: ${profiles.join(', ')}`), name);
  }
});
