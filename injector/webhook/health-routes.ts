import type { FastifyInstance } from 'fastify';
import { type InjectorMetrics, OPENMETRICS_TYPE } from './metrics.ts';

export interface HealthParts {
  readonly metrics: InjectorMetrics;
  /** What is still missing before pods can be injected; empty: nothing. */
  readonly missing: () => readonly string[];
}

/** GET /livez, /readyz and /metrics */
export function healthRoutes(app: FastifyInstance, { metrics, missing }: HealthParts): void {
  app.get('/livez', () => 'ok\n');
  app.get('/readyz', (_request, reply) => {
    const reasons = missing();
    if (reasons.length === 0) return 'ok\n';
    reply.status(503);
    return `not ready: ${reasons.join('; ')}\n`;
  });
  app.get('/metrics', (_request, reply) => {
    reply.type(OPENMETRICS_TYPE);
    return metrics.exposition(missing().length === 0);
  });
}
