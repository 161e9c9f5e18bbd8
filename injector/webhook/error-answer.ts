/** A refused request is answered in plain text: the API server's log shows it as it is. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { asPodometerError, describeError } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';

export function answerError(
  thrown: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  log: (message: string) => void,
): FastifyReply {
  // Fastify would cut the connection while the client still sends, and the client would see no answer.
  reply.removeHeader('connection');
  const error = asAnswer(thrown, request);
  if (error.status >= 500) log(`${request.method} ${request.url} failed: ${thrown.stack ?? thrown}`);
  return send(reply, error);
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(
    reply,
    new PodometerError(
      'PODO_NOT_FOUND',
      `There is nothing at ${request.method} ${request.url}`,
      'Reviews go to POST /mutate; beside it there are /livez, /readyz and /metrics.',
    ),
  );
}

function send(reply: FastifyReply, error: PodometerError): FastifyReply {
  return reply
    .status(error.status)
    .type('text/plain; charset=utf-8')
    .send(`${describeError(error)}\n`);
}

/** What the framework refused becomes ours by its status. */
function asAnswer(thrown: FastifyError, request: FastifyRequest): PodometerError {
  switch (thrown.statusCode) {
    case 413:
      return new PodometerError(
        'PODO_BODY_TOO_LARGE',
        `The body is larger than ${request.routeOptions.bodyLimit} bytes`,
        'An API server sends no object above 3 MiB.',
      );
    case 415:
      return new PodometerError(
        'PODO_UNSUPPORTED_MEDIA_TYPE',
        `The content type ${JSON.stringify(request.headers['content-type'] ?? '')} is not taken here`,
        'Send the AdmissionReview as application/json.',
      );
    case 400:
      return new PodometerError(
        'PODO_BAD_REQUEST',
        thrown.message,
        'Send an AdmissionReview as an API server does.',
      );
    default:
      return asPodometerError(thrown);
  }
}
