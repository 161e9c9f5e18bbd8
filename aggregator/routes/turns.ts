/** Who gets the one thread when: what takes long is answered one at a time. */
import { setImmediate } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The loop hears in the first that an asker hangs up, and in the second the connection is closed. */
const TURNS_OF_THE_LOOP = 2;

/** Before a handler: lets it run when it is its turn. */
export type InTurn = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Makes each request wait for those before it, and between any two the server attends to all else. One whose asker has gone
 * by then, as a reader of the page who looks elsewhere does, is not answered: it costs nothing.
 */
export function takingTurns(): InTurn {
  let last: Promise<void> = Promise.resolve();
  return async (_request, reply) => {
    last = last.then(pass);
    await last;
    if (reply.raw.closed) reply.hijack();
  };
}

async function pass(): Promise<void> {
  for (let i = 0; i < TURNS_OF_THE_LOOP; i++) await setImmediate();
}
