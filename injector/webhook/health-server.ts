/** The probes and the figures once more, in plain HTTP: they answer before there is a certificate, and need none. */
import Fastify, { type FastifyInstance } from 'fastify';
import { type HealthParts, healthRoutes } from './health-routes.ts';
import { listen } from './listen.ts';

export class HealthServer {
  readonly #app: FastifyInstance = Fastify({ forceCloseConnections: true });

  constructor(parts: HealthParts) {
    healthRoutes(this.#app, parts);
  }

  /** Resolves to the port. `host`: undefined for every address of the machine. */
  listen(port: number, host?: string): Promise<number> {
    return listen(this.#app, port, host);
  }

  async close(): Promise<void> {
    await this.#app.close();
  }
}
