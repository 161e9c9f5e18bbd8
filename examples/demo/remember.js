/**
 * remember.js MEGABYTES SECONDS: the worker that grows. Takes MEGABYTES of memory in even steps over SECONDS, and
 * forgets nothing until it ends.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MEGABYTES = 4;

const [megabytes = 0, seconds = 0] = process.argv.slice(2).map(Number);

const remembered = [];
const steps = Math.ceil(megabytes / STEP_MEGABYTES);
while (remembered.length < steps) {
  remembered.push(Buffer.alloc(STEP_MEGABYTES * 2 ** 20, 'remember'));
  await sleep((seconds / steps) * 1e3);
}
