import Type from 'typebox';
import { RunPatch } from '../../protocol/query.ts';
import { RunsQuery } from '../../protocol/run-list.ts';
import { judgedView } from '../query/judge-run.ts';
import { listRuns } from '../query/list-runs.ts';
import { patchRun, refuseRunning } from '../query/patch-run.ts';
import { answer, problems } from './answers.ts';
import { type App, type RouteContext, RunParams, runOf, viewOf } from './context.ts';

/** GET /v1/runs, and GET, PATCH and DELETE of one run */
export function runRoutes(app: App, context: RouteContext): void {
  const { store, stateOf } = context;
  app.get(
    '/v1/runs',
    {
      schema: {
        tags: ['runs'],
        summary: 'Runs, filtered, sorted and in pages',
        querystring: RunsQuery,
        response: { 200: answer('RunsPage', 'One page of runs'), ...problems },
      },
    },
    (request) => {
      const { workload } = request.query;
      return listRuns(store.runs(workload === undefined ? {} : { workload }), request.query, stateOf);
    },
  );
  app.get(
    '/v1/runs/:id',
    {
      schema: {
        tags: ['runs'],
        summary: 'One run with its pods, held against the good runs of its workload before it',
        params: RunParams,
        response: { 200: answer('Run', 'The run'), ...problems },
      },
    },
    (request) => judgedView({ index: store, stateOf }, runOf(context, request.params)),
  );
  app.patch(
    '/v1/runs/:id',
    {
      schema: {
        tags: ['runs'],
        summary: 'Change tags, note or pin; null takes a tag or the note away',
        params: RunParams,
        body: RunPatch,
        response: { 200: answer('Run', 'The run'), ...problems },
      },
    },
    async (request) => {
      const { id } = runOf(context, request.params);
      return viewOf(context, await store.update(id, (record) => patchRun(record, request.body)));
    },
  );
  app.delete(
    '/v1/runs/:id',
    {
      schema: {
        tags: ['runs'],
        summary: 'Delete a run that has ended, with all its samples',
        params: RunParams,
        response: { 204: Type.Null({ description: 'Deleted' }), ...problems },
      },
    },
    async (request, reply) => {
      const record = runOf(context, request.params);
      refuseRunning(viewOf(context, record));
      await store.remove(record.id);
      return reply.status(204).send(null);
    },
  );
}
