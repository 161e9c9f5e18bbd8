/** Every failure as problem+json (RFC 9457), with a code of docs/errors.md and what to do about it. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorCatalogue, PodometerError } from '../../protocol/errors.ts';
import type { Problem } from '../../protocol/query.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function problemOf(error: PodometerError): Problem {
  return {
    type: `/docs#${error.code}`,
    title: errorCatalogue[error.code].title,
    status: error.status,
    detail: error.message,
    code: error.code,
    mend: error.mend,
  };
}

export function sendProblem(reply: FastifyReply, error: PodometerError): FastifyReply {
  return reply.status(error.status).type(PROBLEM_TYPE).send(problemOf(error));
}

export function answerError(
  thrown: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = asAnswer(thrown, request);
  if (error.status >= 500) request.log.error({ err: thrown }, error.message);
  return sendProblem(reply, error);
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0];
  return sendProblem(
    reply,
    new PodometerError(
      'PODO_NOT_FOUND',
      `There is nothing at ${request.method} ${path}`,
      'The routes are listed at /docs.',
    ),
  );
}

/** What the framework refused becomes ours by its status; the text of anything unexpected stays in the log. */
function asAnswer(thrown: FastifyError, request: FastifyRequest): PodometerError {
  if (thrown instanceof PodometerError && thrown.code !== 'PODO_INTERNAL') return thrown;
  const limit = request.routeOptions.bodyLimit;
  switch (thrown.statusCode) {
    case 413:
      return refusal(tooLargeCode(request), `The body is larger than ${limit} bytes`, 'Send less at once.');
    case 415:
      return refusal(
        'PODO_UNSUPPORTED_MEDIA_TYPE',
        `The content type "${request.headers['content-type'] ?? ''}" is not taken here`,
        'The routes and their content types are listed at /docs.',
      );
    case 400:
      return refusal('PODO_BAD_REQUEST', thrown.message, 'The routes are described at /docs.');
    default:
      return refusal(
        'PODO_INTERNAL',
        'The server met something unexpected',
        'Look into its log, and please report it.',
      );
  }
}

function tooLargeCode(request: FastifyRequest): ErrorCode {
  return request.routeOptions.url === '/v1/batches' ? 'PODO_BATCH_TOO_LARGE' : 'PODO_BAD_REQUEST';
}

function refusal(code: ErrorCode, sentence: string, mend: string): PodometerError {
  return new PodometerError(code, sentence, mend);
}
