import { existsSync } from 'node:fs';
import type { TestContext } from 'node:test';

/**
 * Whether a part of the machine that a test needs is there. Where it is not, the test is skipped with the name of
 * the package that holds it; in CI (`CI` set) that is a failure, so that nothing is left untested unseen.
 *
 * @param part the package: Debian's, where nothing else is said
 * @param path a file that the package installs
 */
export function requirePart(t: TestContext, part: string, path: string): boolean {
  if (existsSync(path)) return true;
  const reason = `needs ${path} of the package ${part}`;
  if (process.env.CI) throw new Error(`This test ${reason}, and in CI no test may be skipped.`);
  t.skip(reason);
  return false;
}
