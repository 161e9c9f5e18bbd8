/**
 * `podometer agent` by itself, as the injector starts it in a pod: without the command line and built into one file
 * (agent/vite.config.ts), because every pod that is measured holds it in memory (docs/decisions/0023-small-agent.md).
 */
import { systemClock } from '../lib/clock.ts';
import { asPodometerError, describeError } from '../lib/errors.ts';
import { runAgentProgram } from './agent-program.ts';
import type { Output } from './command.ts';
import { writeAll } from './write-all.ts';

/** What V8 leaves lying for minutes is a megabyte: of the start, and of each batch. Finding it takes 15 ms. */
const COLLECT_EVERY_MS = 20_000;

/** In a pod there is no terminal; where a message cannot be written there is nowhere left to tell that. */
function output(fd: number): Output {
  return {
    isTty: false,
    columns: Number.POSITIVE_INFINITY,
    colour: false,
    closed: false,
    write(text) {
      try {
        writeAll(fd, Buffer.from(text));
      } catch {}
    },
  };
}

const { gc } = globalThis;
if (gc !== undefined) {
  const collect = () => gc({ type: 'major', flavor: 'last-resort', execution: 'sync' });
  setInterval(collect, COLLECT_EVERY_MS).unref();
}

const stderr = output(2);
runAgentProgram({ env: process.env, clock: systemClock, stdout: output(1), stderr }).catch((thrown) => {
  const error = asPodometerError(thrown);
  stderr.write(`${describeError(error)}\n`);
  process.exitCode = error.exitCode;
});
