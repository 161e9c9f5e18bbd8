/** Kills a program after each of its writes, and at random moments between them. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Program } from './scratch.ts';

/** More writes than any program makes: it comes to its end. */
const ENOUGH = 10_000;
/** Below this there would be hardly a moment to kill it at. */
const LEAST_WRITES = 8;

/**
 * One try, in a place of this name: of a program that kills itself after so many writes, or is killed after so many ms. Answers
 * whether it came to its end.
 */
export type Try = (name: string, writes: number, killAfterMs?: number) => Promise<boolean>;

export interface RandomKills {
  readonly count: number;
  /** From this share of the time that a whole try takes. */
  readonly from: number;
}

export async function killEverywhere(tryWith: Try, { count, from }: RandomKills): Promise<void> {
  const began = performance.now();
  assert.equal(await tryWith('whole', ENOUGH), true);
  const wholeMs = performance.now() - began;
  let writes = 1;
  while (!(await tryWith(`after-${writes}`, writes))) writes += 1;
  assert.ok(writes > LEAST_WRITES, `only ${writes} writes`);
  for (let i = 0; i < count; i++) {
    await tryWith(`random-${i}`, ENOUGH, wholeMs * (from + 0.6 * Math.random()));
  }
}

/** Whether it came to its end by itself. */
export async function endOrKill(program: Program, killAfterMs: number | undefined): Promise<boolean> {
  if (killAfterMs !== undefined) {
    await delay(killAfterMs);
    program.child.kill('SIGKILL');
  }
  const { code, errors } = await program.end();
  assert.ok(code === 'SIGKILL' || code === 0, errors);
  return code === 0;
}
