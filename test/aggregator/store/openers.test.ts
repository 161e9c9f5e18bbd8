/** What LMDB does when an environment is opened while another process commits, and what stands against it (guard.ts). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Program, scratchFolder, scratchStore } from './scratch.ts';

const BATCHES = 1500;

test('a store that is opened again and again loses nothing of what others write meanwhile', async (t) => {
  const folder = scratchFolder(t);
  const store = await scratchStore(t, folder);
  await store.close();
  const openers = [1, 2].map(() => new Program('open-again-and-again', [folder]));
  await Promise.all(openers.map((opener) => opener.line()));
  const writer = new Program('write', [folder, 'run-0', 0, 0, BATCHES]);
  const { code, errors } = await writer.end();
  for (const opener of openers) opener.child.kill('SIGKILL');
  await Promise.all(openers.map((opener) => opener.end()));
  assert.equal(code, 0, errors);
  assert.deepEqual(
    writer.lines,
    Array.from(writer.lines, (_, i) => `${i} new`),
  );
  const after = await scratchStore(t, folder);
  assert.equal(after.run('run-0')?.members[0]?.lastSequence, BATCHES - 1);
});
