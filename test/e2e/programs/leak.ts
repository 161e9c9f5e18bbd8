/** leak.ts MEGABYTES SECONDS: keeps MEGABYTES more every second, for SECONDS, and says how many it kept. */
import { setTimeout as sleep } from 'node:timers/promises';
import { numberArgument, printTruth } from './truth.ts';

const STEPS_A_SECOND = 10;
const bytes = (numberArgument(0, 'MEGABYTES') * 2 ** 20) / STEPS_A_SECOND;
const steps = numberArgument(1, 'SECONDS') * STEPS_A_SECOND;
const kept: Buffer[] = [];
for (let step = 0; step < steps; step += 1) {
  kept.push(Buffer.alloc(bytes, 1));
  await sleep(1000 / STEPS_A_SECOND);
}
printTruth({ pid: process.pid, keptBytes: kept.reduce((sum, { length }) => sum + length, 0) });
process.exit();
