import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const AGENT = pathToFileURL(join(import.meta.dirname, '..', '..', 'cli', 'agent-program.ts')).href;
const RUNNING = pathToFileURL(join(import.meta.dirname, '..', '..', 'agent', 'main.ts')).href;
const TELL = `
  import { registerHooks } from 'node:module';
  registerHooks({
    load(url, context, load) {
      console.log(url);
      return load(url, context);
    },
  });
  await import('${AGENT}');
  await import('${RUNNING}');
`;

test('an agent loads no library: every pod that is measured would hold it in memory', () => {
  const loaded = execFileSync(process.execPath, ['--input-type=module', '--eval', TELL], {
    encoding: 'utf8',
  }).split('\n');
  assert.ok(loaded.includes(RUNNING));
  assert.deepEqual(
    loaded.filter((url) => url.includes('/node_modules/')),
    [],
  );
});
