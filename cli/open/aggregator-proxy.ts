/**
 * The page and the API of a namespace on a loopback port of this machine. The browser brings the proxy's own token; the one of the
 * cluster never leaves this process but to the aggregator.
 */
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import Fastify, { type FastifyBaseLogger, type FastifyRequest, LogController } from 'fastify';
import { localAccess } from '../../aggregator/access/local-access.ts';
import { answerError } from '../../aggregator/routes/problem.ts';
import { type ErrorCode, PodometerError } from '../../protocol/errors.ts';
import type { AggregatorConnection } from '../cluster/aggregator-connection.ts';

export interface AggregatorProxyOptions {
  readonly aggregator: Pick<AggregatorConnection, 'send'>;
  readonly token: string;
  readonly logger: FastifyBaseLogger;
  /** How long a request waits for an aggregator that is being replaced, and how often it looks. */
  readonly patience?: Patience;
}

export interface Patience {
  readonly forMs: number;
  readonly everyMs: number;
}

const PATIENCE: Patience = { forMs: 20_000, everyMs: 1000 };
/** What is its two ends' own affair. */
const OF_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade'];
/** What says who asks, and where. */
const OF_BROWSER = ['authorization', 'content-length', 'cookie', 'host', 'origin', 'referer'];
const MOST_BODY_BYTES = 2 ** 20;
/** Of an aggregator whose pod is being replaced, while it is. */
const PASSING: readonly ErrorCode[] = ['PODO_AGGREGATOR_NOT_READY', 'PODO_AGGREGATOR_FAILED'];

/** It does not listen yet. */
export function buildAggregatorProxy({
  aggregator,
  token,
  logger,
  patience = PATIENCE,
}: AggregatorProxyOptions) {
  const app = Fastify({
    loggerInstance: logger,
    // The address of a first request holds the token, which belongs into no log.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MOST_BODY_BYTES,
    frameworkErrors: answerError,
    // A page that is open in a browser holds its event streams for as long as it can.
    forceCloseConnections: true,
  });
  app.setErrorHandler(answerError);
  const access = localAccess({ token });
  app.addHook('onRequest', (request, reply) => access.admit(request, reply));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.all('/*', async (request, reply) => {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const answer = await patiently(patience, request, gone.signal, () =>
      aggregator.send({
        method: request.method,
        path: request.url,
        headers: without(request.headers, [...OF_CONNECTION, ...OF_BROWSER]),
        signal: gone.signal,
        ...(Buffer.isBuffer(request.body) && { body: request.body }),
      }),
    );
    return reply
      .status(answer.statusCode ?? 502)
      .headers(without(answer.headers, OF_CONNECTION))
      .send(answer);
  });
  return app;
}

/** What only reads is tried until there is an aggregator again; an event stream, for as long as the browser waits. */
async function patiently(
  { forMs, everyMs }: Patience,
  { method, headers }: FastifyRequest,
  gone: AbortSignal,
  send: () => Promise<IncomingMessage>,
): Promise<IncomingMessage> {
  const mayRepeat = method === 'GET' || method === 'HEAD';
  const isStream = headers.accept?.includes('text/event-stream') ?? false;
  for (let waitedMs = 0; ; waitedMs += everyMs) {
    try {
      return await send();
    } catch (error) {
      const isPassing = error instanceof PodometerError && PASSING.includes(error.code);
      if (!isPassing || !mayRepeat || (!isStream && waitedMs >= forMs)) throw error;
    }
    await after(everyMs, undefined, { signal: gone });
  }
}

function without(headers: IncomingHttpHeaders, names: readonly string[]): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
