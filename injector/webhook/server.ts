/**
 * The webhook's HTTPS server. It is fastify's, as the aggregator's is: its routing, body limit, content types and
 * refusals are what would else be written again over node:https.
 */
import type { Server } from 'node:https';
import { setTimeout as after } from 'node:timers/promises';
import type { SecureContextOptions } from 'node:tls';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { KeyPair } from '../../lib/key-pair-folder.ts';
import { answerError, answerNotFound } from './error-answer.ts';
import { type HealthParts, healthRoutes } from './health-routes.ts';
import { listen } from './listen.ts';
import { type MutateParts, mutateRoute } from './mutate-route.ts';

/** An API server takes objects of up to 3 MiB; a review of a CREATE holds one of them and a few hundred bytes. */
export const MOST_REVIEW_BYTES = 4 * 2 ** 20;

/** Go's clients give an idle connection up after 90 s: it is for them to end it, never for us while they use it. */
const KEEP_ALIVE_MS = 120_000;
/** An API server waits no longer than this for an answer. */
const SLOWEST_REQUEST_MS = 30_000;
const SLOWEST_HANDSHAKE_MS = 10_000;
const LOOK_FOR_SLOW_MS = 1000;

const TLS: SecureContextOptions = { minVersion: 'TLSv1.2' };

export interface WebhookServerOptions extends HealthParts, MutateParts {
  readonly log: (message: string) => void;
  /** For a whole request to arrive. */
  readonly slowestRequestMs?: number;
}

export class WebhookServer {
  readonly #app: FastifyInstance<Server>;
  #isClosing = false;

  constructor(options: WebhookServerOptions) {
    const { log, slowestRequestMs = SLOWEST_REQUEST_MS } = options;
    const app = Fastify({
      https: {
        ...TLS,
        handshakeTimeout: SLOWEST_HANDSHAKE_MS,
        headersTimeout: slowestRequestMs,
        connectionsCheckingInterval: LOOK_FOR_SLOW_MS,
      },
      requestTimeout: slowestRequestMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      return503OnClosing: false,
      bodyLimit: MOST_REVIEW_BYTES,
    });
    app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply, log));
    app.setNotFoundHandler(answerNotFound);
    // A request that began before the closing would else keep its connection open behind it.
    app.addHook('onSend', async (_request, reply) => {
      if (this.#isClosing) reply.header('connection', 'close');
    });
    mutateRoute(app, options);
    healthRoutes(app, options);
    this.#app = app;
  }

  /** New connections use it from now on; those that are open go on with theirs. */
  useCertificate({ certificate, key }: KeyPair): void {
    this.#app.server.setSecureContext({ ...TLS, cert: certificate, key });
  }

  /** Resolves to the port. `host`: undefined for every address of the machine. */
  async listen(port: number, host?: string): Promise<number> {
    return listen(this.#app, port, host);
  }

  /**
   * For `drainMs` it goes on as before, but that every answer ends its connection, so that callers look for another
   * server. Then it takes no new connection, lets requests in flight be answered, and cuts off what is left after
   * `graceMs`.
   */
  async close(drainMs: number, graceMs: number): Promise<void> {
    this.#isClosing = true;
    await after(drainMs);
    const cut = setTimeout(() => this.#app.server.closeAllConnections(), graceMs);
    await this.#app.close();
    clearTimeout(cut);
  }
}
