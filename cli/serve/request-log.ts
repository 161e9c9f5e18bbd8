/** What `podometer serve` tells on stderr: its own faults always, requests where they are asked for. */
import type { FastifyBaseLogger } from 'fastify';
import type { App } from '../../aggregator/routes/context.ts';
import type { Output } from '../command.ts';
import { printable } from '../terminal/width.ts';

const silent = (): void => {};

/** Fastify's logger, of which only errors are told. */
export function requestLogger(stderr: Output): FastifyBaseLogger {
  const error = (details: unknown, message?: string): void => {
    const cause = (details as { err?: unknown }).err;
    const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(details);
    const lines = `${message ?? 'error'}\n${stack}`.split('\n');
    stderr.write(`podometer: ${lines.map(printable).join('\n  ')}\n`);
  };
  const logger: FastifyBaseLogger = {
    level: 'error',
    fatal: error,
    error,
    warn: silent,
    info: silent,
    debug: silent,
    trace: silent,
    silent,
    child: () => logger,
  };
  return logger;
}

/** One line for each answer. The query is left out: it may hold the token. */
export function logRequests(app: App, stderr: Output): void {
  app.addHook('onResponse', async ({ method, url }, { statusCode, elapsedTime }) => {
    const path = printable(url.split('?', 1)[0] ?? '');
    stderr.write(`${method} ${path} ${statusCode} ${elapsedTime.toFixed(1)} ms\n`);
  });
}
