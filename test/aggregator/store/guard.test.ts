import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { Guard } from '../../../aggregator/store/guard.ts';
import { Program, scratchFolder } from './scratch.ts';

function openGuard(t: TestContext, folder: string): Guard {
  const guard = Guard.of(folder);
  t.after(() => guard.close());
  return guard;
}

test('an opener waits until another process has written', async (t) => {
  const folder = scratchFolder(t);
  const file = join(folder, 'ended');
  const holder = new Program('hold', [folder, file, 300]);
  await holder.line();
  const guard = openGuard(t, folder);
  assert.equal(
    guard.alone(() => existsSync(file)),
    true,
  );
  await holder.end();
});

test('a writer waits until another process has written', async (t) => {
  const folder = scratchFolder(t);
  const file = join(folder, 'ended');
  const holder = new Program('hold', [folder, file, 300]);
  await holder.line();
  const guard = openGuard(t, folder);
  assert.equal(await guard.during(async () => existsSync(file)), true);
  await holder.end();
});

test('who is killed while it holds the guard keeps nobody out', async (t) => {
  const folder = scratchFolder(t);
  const guard = openGuard(t, folder);
  const holder = new Program('hold', [folder, join(folder, 'ended'), 3_600_000]);
  await holder.line();
  holder.child.kill('SIGKILL');
  assert.equal(
    guard.alone(() => 'open'),
    'open',
  );
  await holder.end();
});

test('writers of one process write together, and leave the others a turn', async (t) => {
  const folder = scratchFolder(t);
  const guard = openGuard(t, folder);
  let atOnce = 0;
  let most = 0;
  const isOver = Promise.withResolvers<void>();
  const write = async (): Promise<void> => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await after(2);
    atOnce -= 1;
  };
  let goesOn = true;
  const writers = [1, 2, 3].map(async () => {
    while (goesOn) await guard.during(write);
  });
  const other = new Program('hold', [folder, join(folder, 'ended'), 0]);
  void other.end().then(() => isOver.resolve());
  await isOver.promise;
  goesOn = false;
  await Promise.all(writers);
  assert.equal(most, 3);
  assert.ok(existsSync(join(folder, 'ended')));
});

test('the guards of one folder in one process are one', async (t) => {
  const folder = scratchFolder(t);
  const [one, two] = [openGuard(t, folder), openGuard(t, folder)];
  assert.equal(one, two);
  const opened = await one.during(async () => two.alone(() => 'open'));
  assert.equal(opened, 'open');
});
