import { runStates } from '../../protocol/query.ts';
import { expositionOf } from '../live/exposition.ts';
import { problems, textAnswer } from './answers.ts';
import type { App, RouteContext } from './context.ts';

const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** GET /metrics: figures of the server, and the newest ones of the runs that go on */
export function metricsRoutes(app: App, context: RouteContext): void {
  app.get(
    '/metrics',
    {
      schema: {
        tags: ['server'],
        summary: 'Figures of this server and of the runs that go on, as OpenMetrics text',
        response: { 200: textAnswer('The figures', 'application/openmetrics-text'), ...problems },
      },
    },
    (_request, reply) => {
      reply.type(OPENMETRICS);
      return exposition(context);
    },
  );
}

function exposition({ store, stateOf, counters, admission, live }: RouteContext): string {
  const runs = new Map<string, number>(runStates.map((state) => [state, 0]));
  for (const record of store.runs()) {
    const state = stateOf(record);
    runs.set(state, (runs.get(state) ?? 0) + 1);
  }
  const { bytes, ...batches } = counters;
  return [
    '# TYPE podometer_runs gauge',
    '# HELP podometer_runs Runs in the store.',
    ...[...runs].map(([state, count]) => `podometer_runs{state="${state}"} ${count}`),
    '# TYPE podometer_batches counter',
    '# HELP podometer_batches Batches that arrived since the server started.',
    ...Object.entries(batches).map(
      ([outcome, count]) => `podometer_batches_total{outcome="${outcome}"} ${count}`,
    ),
    '# TYPE podometer_batch_bytes counter',
    '# UNIT podometer_batch_bytes bytes',
    '# HELP podometer_batch_bytes Bytes of the accepted batches.',
    `podometer_batch_bytes_total ${bytes}`,
    '# TYPE podometer_batches_in_flight_bytes gauge',
    '# UNIT podometer_batches_in_flight_bytes bytes',
    '# HELP podometer_batches_in_flight_bytes Bytes of batches that are being taken in.',
    `podometer_batches_in_flight_bytes ${admission.bytesInFlight}`,
    ...expositionOf(live.snapshot()),
    '# EOF',
    '',
  ].join('\n');
}
