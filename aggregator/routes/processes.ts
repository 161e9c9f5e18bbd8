import { readProcesses } from '../query/summary.ts';
import { answer, problems } from './answers.ts';
import { type App, type RouteContext, RunParams, runOf } from './context.ts';
import { isKnownAnswer, NotModified } from './entity-tag.ts';

/** GET /v1/runs/{id}/processes */
export function processRoutes(app: App, context: RouteContext): void {
  const { store, inTurn } = context;
  app.get(
    '/v1/runs/:id/processes',
    {
      preHandler: inTurn,
      schema: {
        tags: ['samples'],
        summary: 'Every process of a run, with what it used',
        params: RunParams,
        response: { 200: answer('ProcessesPage', 'The processes'), 304: NotModified, ...problems },
      },
    },
    (request, reply) => {
      const record = runOf(context, request.params);
      if (isKnownAnswer(record, request, reply)) {
        reply.status(304).send(null);
        return;
      }
      reply.send({ processes: readProcesses(store, record) });
    },
  );
}
