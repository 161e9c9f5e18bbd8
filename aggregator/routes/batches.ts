import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { MOST_BATCH_BYTES } from '../../protocol/codec/batch-format.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { BATCH_CONTENT_TYPE } from '../../protocol/names.ts';
import { accept } from '../ingest/accept.ts';
import { answer, problems } from './answers.ts';
import type { App, RouteContext } from './context.ts';

const RETRY_AFTER_SECONDS = 1;

/** POST /v1/batches */
export function batchRoutes(app: App, { store, counters, admission, live }: RouteContext): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(BATCH_CONTENT_TYPE, { parseAs: 'buffer' }, (_request, bytes, done) => {
      done(null, bytes);
    });
    // Before the body is read. `close` comes after every answer, and where the client has gone.
    scope.addHook('onRequest', async (request, reply) => {
      try {
        reply.raw.once('close', admission.admit(bytesToCome(request)));
      } catch (error) {
        reply.header('retry-after', RETRY_AFTER_SECONDS);
        throw error;
      }
    });
    scope.addHook('onError', async () => {
      counters.refused += 1;
    });
    scope.post(
      '/v1/batches',
      {
        bodyLimit: MOST_BATCH_BYTES,
        schema: {
          tags: ['ingest'],
          summary: 'Keep one batch of an agent; answered when it is safe on disk',
          consumes: [BATCH_CONTENT_TYPE],
          body: Type.Unknown({ description: 'See protocol/batch.ts' }),
          response: { 200: answer('BatchAcknowledgement', 'The batch is safe on disk'), ...problems },
        },
      },
      async (request) => {
        if (!(request.body instanceof Uint8Array)) throw noBody();
        const acknowledgement = await accept(store, request.body, live);
        if (acknowledgement.duplicate) counters.duplicate += 1;
        else {
          counters.accepted += 1;
          counters.bytes += request.body.byteLength;
        }
        return acknowledgement;
      },
    );
  });
}

/** A body whose length is not told may be as long as any. */
function bytesToCome({ headers }: FastifyRequest): number {
  const told = Number(headers['content-length'] ?? Number.NaN);
  return Number.isSafeInteger(told) ? Math.min(told, MOST_BATCH_BYTES) : MOST_BATCH_BYTES;
}

function noBody(): PodometerError {
  return new PodometerError(
    'PODO_BATCH_MALFORMED',
    'The request has no body',
    `Send one batch as ${BATCH_CONTENT_TYPE}.`,
  );
}
