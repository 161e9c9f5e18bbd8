/** exit-at.ts MS CODE: ends with CODE, MS after its first line ran, and says when that is. */
import { setTimeout as sleep } from 'node:timers/promises';
import { numberArgument, printTruth } from './truth.ts';

const startedAtMs = Date.now();
const code = numberArgument(1, 'CODE');
await sleep(numberArgument(0, 'MS'));
printTruth({ pid: process.pid, startedAtMs, endsAtMs: Date.now(), code });
process.exit(code);
