/** Programs under limits of a cgroup v1 that is made for them, which takes root and such a hierarchy. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = '/sys/fs/cgroup';
const REMOVE_TRIES = 50;

/** The folder of a new cgroup with these files written; undefined where the test is skipped, with the reason. */
export function limitedCgroup(
  t: TestContext,
  controller: 'cpu' | 'memory' | 'blkio',
  files: Readonly<Record<string, string>>,
): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync(join(ROOT, controller, 'tasks'))) {
    t.skip(`needs root and the controller ${controller} of cgroup v1, to limit a program by it`);
    return undefined;
  }
  const folder = join(ROOT, controller, `podometer-test-${process.pid}-${controller}`);
  mkdirSync(folder, { recursive: true });
  t.after(() => removed(folder));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** A command line that begins in the cgroup. */
export function within(folder: string, command: readonly string[]): string[] {
  return ['sh', '-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', folder, ...command];
}

/** A process that has ended may be in it for a moment longer. */
async function removed(folder: string): Promise<void> {
  for (let left = REMOVE_TRIES; left > 0; left -= 1) {
    try {
      rmdirSync(folder);
      return;
    } catch {
      await sleep(100);
    }
  }
}
