/** hold.ts MEGABYTES SECONDS: touches MEGABYTES of memory, holds it for SECONDS, and says what its peak was. */
import { setTimeout as sleep } from 'node:timers/promises';
import { numberArgument, ownFigures, printTruth } from './truth.ts';

const held = Buffer.alloc(numberArgument(0, 'MEGABYTES') * 2 ** 20, 1);
await sleep(numberArgument(1, 'SECONDS') * 1e3);
const { VmHWM = 0 } = ownFigures('status');
printTruth({ pid: process.pid, heldBytes: held.length, peakRssBytes: VmHWM * 1024 });
process.exit();
