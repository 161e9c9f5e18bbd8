/**
 * children.ts COUNT MS: starts COUNT children, one after another, that each use about MS of CPU time, and says what
 * all of them used together by the kernel's count. The children are loops of `sh`, which start in a millisecond.
 *
 * How many turns of the loop take MS is found by a first child that runs about 200 ms; it is counted with the others.
 */
import { spawnSync } from 'node:child_process';
import { numberArgument, ownCpuSeconds, printTruth, reapedCpuSeconds } from './truth.ts';

const LOOP = 'i=0; while [ $i -lt "$1" ]; do i=$((i+1)); done';
const TRIAL_TURNS = 100_000;

const count = numberArgument(0, 'COUNT');
const milliseconds = numberArgument(1, 'MS');

const trialMs = loop(TRIAL_TURNS);
const turns = Math.round((TRIAL_TURNS / trialMs) * milliseconds);
for (let child = 0; child < count; child += 1) loop(turns);
printTruth({
  pid: process.pid,
  children: count + 1,
  childrenCpuSeconds: reapedCpuSeconds(),
  cpuSeconds: ownCpuSeconds(),
});
process.exit();

/** Runs one child to its end and gives the wall time that it took, in ms. */
function loop(times: number): number {
  const before = performance.now();
  const { status, error } = spawnSync('sh', ['-c', LOOP, 'sh', String(times)], { stdio: 'ignore' });
  if (status !== 0) throw error ?? new Error(`sh ended with ${status}`);
  return performance.now() - before;
}
