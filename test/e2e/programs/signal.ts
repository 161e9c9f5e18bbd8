/** signal.ts NAME: says so, and dies of the signal NAME (SIGKILL, SIGTERM, …). */
import { constants } from 'node:os';
import { printTruth } from './truth.ts';

const signal = process.argv[2] as NodeJS.Signals;
printTruth({ pid: process.pid, signal, number: constants.signals[signal] });
process.kill(process.pid, signal);
// A signal that Node handles on its event loop needs a turn of it.
setTimeout(() => {}, 60_000);
