import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../lib/clock.ts';
import { PodometerError } from '../../protocol/errors.ts';
import type { Admit } from './admitter.ts';
import type { InjectorMetrics } from './metrics.ts';
import { decodeReview, encodeAnswer } from './review.ts';
import { readTimeout } from './timeout.ts';

/** What an answer may need to get back, of the time that the API server gives. */
const ANSWER_MS = 500;
const ANSWER_SHARE = 0.2;

export interface MutateParts {
  readonly admit: Admit;
  readonly clock: Clock;
  readonly metrics: InjectorMetrics;
}

/** POST /mutate: an AdmissionReview, answered within its `?timeout=` */
export function mutateRoute(app: FastifyInstance, { admit, clock, metrics }: MutateParts): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
      done(null, text);
    });
    scope.addHook('onResponse', async (_request, reply) => {
      metrics.request(reply.statusCode, reply.elapsedTime / 1000);
    });
    scope.post<{ Querystring: { timeout?: unknown } }>('/mutate', async (request, reply) => {
      const timeoutMs = readTimeout(request.query.timeout);
      const decideMs = timeoutMs - Math.min(ANSWER_MS, timeoutMs * ANSWER_SHARE);
      const deadlineMs = clock.monotonicMs() - reply.elapsedTime + decideMs;
      if (typeof request.body !== 'string') throw noBody();
      const review = decodeReview(request.body);
      const admission = await admit(review, deadlineMs);
      reply.type('application/json');
      return encodeAnswer(review.uid, admission);
    });
  });
}

function noBody(): PodometerError {
  return new PodometerError(
    'PODO_BAD_REQUEST',
    'The request has no body',
    'Send one AdmissionReview as application/json.',
  );
}
