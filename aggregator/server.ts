/** The HTTP server over one store: the API, the page and the probes, behind the guard. */
import type { SecureContextOptions } from 'node:tls';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import type { Clock } from '../lib/clock.ts';
import type { Access } from './access/access.ts';
import { localAccess } from './access/local-access.ts';
import { Admission } from './ingest/admission.ts';
import { LiveRuns } from './live/live-runs.ts';
import type { StateOf } from './query/run-view.ts';
import { namedSchemas } from './routes/answers.ts';
import { backupRoutes } from './routes/backup.ts';
import { newBatchCounters } from './routes/batch-counters.ts';
import { batchRoutes } from './routes/batches.ts';
import { compareRoutes } from './routes/compare.ts';
import type { App, RouteContext } from './routes/context.ts';
import { docsRoutes } from './routes/docs.ts';
import { eventRoutes } from './routes/events.ts';
import { exportRoutes } from './routes/export.ts';
import { findingRoutes } from './routes/findings.ts';
import { healthRoutes } from './routes/health.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { needsRoutes } from './routes/needs.ts';
import { openApi } from './routes/open-api.ts';
import { pageRoutes } from './routes/page.ts';
import { answerError, answerNotFound } from './routes/problem.ts';
import { processRoutes } from './routes/processes.ts';
import { runRoutes } from './routes/runs.ts';
import { seriesRoutes } from './routes/series.ts';
import { takingTurns } from './routes/turns.ts';
import { validatorCompiler } from './routes/validator.ts';
import { workloadRoutes } from './routes/workloads.ts';
import type { Store } from './store/model.ts';
import { runState } from './store/run-state.ts';

/** How often a run that somebody follows is looked at. */
const FOLLOW_MS = 500;

/** Workload names have up to 253 characters, each of which may be escaped as several bytes. */
const MOST_PARAMETER_LENGTH = 4096;

/** For a request to arrive whole: one that trickles in must not hold its place among the bytes in flight for ever. */
const REQUEST_TIMEOUT_MS = 60_000;

export interface ServerOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** How a run stands; by default what its record tells, without a look at the process that writes it. */
  readonly stateOf?: StateOf;
  /** Who may do what, in every request but those of the probes; by default, whoever reaches it by a loopback name. */
  readonly access?: Access;
  /** Served over TLS: with a certificate once its owner gives one (`app.server.setSecureContext`). */
  readonly tls?: SecureContextOptions;
  /** The built page; where it is missing, the API is served alone. */
  readonly pageFolder?: string;
  /** Of Podometer, as the OpenAPI document shows it. */
  readonly version?: string;
  readonly logger?: FastifyBaseLogger;
  readonly followMs?: number;
  /** Of batches that are being taken in; beyond it they are refused for a moment. */
  readonly mostBytesInFlight?: number;
  /** Where whoever builds the server forwards the live figures too. */
  readonly live?: LiveRuns;
}

/** A server that does not listen yet: its caller binds it, to loopback unless it knows better. */
export async function buildServer(options: ServerOptions): Promise<App> {
  const app = Fastify({
    ...(options.tls && { https: options.tls }),
    ...(options.logger ? { loggerInstance: options.logger } : { logger: false }),
    // The address of a first request holds the token, which belongs into no log.
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MOST_PARAMETER_LENGTH },
    frameworkErrors: answerError,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(COMMON_HEADERS);
  });
  const { access = localAccess({ token: undefined }) } = options;
  app.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.config.open) await access.admit(request, reply);
  });
  await app.register(swagger, openApi(options.version ?? ''));
  for (const schema of Object.values(namedSchemas)) app.addSchema(schema);
  addRoutes(app, options, access);
  return app;
}

const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function addRoutes(app: App, options: ServerOptions, access: Access): void {
  const { store, clock, followMs = FOLLOW_MS } = options;
  const stateOf = options.stateOf ?? ((record) => runState(record, clock.wallMs(), () => undefined));
  const admission = new Admission(options.mostBytesInFlight);
  const live = options.live ?? new LiveRuns(store, () => clock.wallMs());
  const context: RouteContext = {
    store,
    stateOf,
    access,
    counters: newBatchCounters(),
    admission,
    live,
    inTurn: takingTurns(),
    followMs,
  };
  workloadRoutes(app, context);
  runRoutes(app, context);
  processRoutes(app, context);
  seriesRoutes(app, context);
  eventRoutes(app, context);
  findingRoutes(app, context);
  compareRoutes(app, context, options.pageFolder);
  needsRoutes(app, context);
  exportRoutes(app, context, options.pageFolder);
  backupRoutes(app, context);
  batchRoutes(app, context);
  healthRoutes(app, context);
  metricsRoutes(app, context);
  docsRoutes(app);
  pageRoutes(app, options.pageFolder);
}
