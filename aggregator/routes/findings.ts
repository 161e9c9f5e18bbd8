import { readDeviations } from '../query/deviation.ts';
import { readFindings } from '../query/findings/findings.ts';
import { readPhases } from '../query/phases.ts';
import { readWallSplit } from '../query/wall-split.ts';
import { answer, problems } from './answers.ts';
import { type App, type RouteContext, RunParams, runOf } from './context.ts';
import { isKnownAnswer, NotModified } from './entity-tag.ts';

/** GET /v1/runs/{id}/findings, …/phases, …/wall-split and …/deviations */
export function findingRoutes(app: App, context: RouteContext): void {
  const { store, stateOf, inTurn } = context;
  app.get(
    '/v1/runs/:id/findings',
    {
      preHandler: inTurn,
      schema: {
        tags: ['runs'],
        summary: 'What stands out in a run, in plain words',
        params: RunParams,
        response: {
          200: answer('FindingsPage', 'The findings, the gravest first'),
          304: NotModified,
          ...problems,
        },
      },
    },
    (request, reply) => {
      const record = runOf(context, request.params);
      if (isKnownAnswer(record, request, reply)) {
        reply.status(304).send(null);
        return;
      }
      reply.send({ findings: readFindings(store, stateOf, record) });
    },
  );
  app.get(
    '/v1/runs/:id/phases',
    {
      preHandler: inTurn,
      schema: {
        tags: ['samples'],
        summary: 'The run cut where its behaviour changes',
        params: RunParams,
        response: { 200: answer('PhasesPage', 'The phases in order'), 304: NotModified, ...problems },
      },
    },
    (request, reply) => {
      const record = runOf(context, request.params);
      if (isKnownAnswer(record, request, reply)) {
        reply.status(304).send(null);
        return;
      }
      reply.send({ phases: readPhases(store, record) });
    },
  );
  app.get(
    '/v1/runs/:id/wall-split',
    {
      preHandler: inTurn,
      schema: {
        tags: ['samples'],
        summary:
          'Where the wall time of a run went: on a CPU, ready for one, waiting for storage, other waits',
        params: RunParams,
        response: { 200: answer('WallSplit', 'The parts of the wall time'), 304: NotModified, ...problems },
      },
    },
    (request, reply) => {
      const record = runOf(context, request.params);
      if (isKnownAnswer(record, request, reply)) {
        reply.status(304).send(null);
        return;
      }
      reply.send(readWallSplit(store, record));
    },
  );
  app.get(
    '/v1/runs/:id/deviations',
    {
      schema: {
        tags: ['runs'],
        summary: 'How far a run is from what is usual for its workload',
        params: RunParams,
        response: { 200: answer('DeviationsPage', 'The deviations'), ...problems },
      },
    },
    (request) => ({ deviations: readDeviations(store, stateOf, runOf(context, request.params)) }),
  );
}
