import { Readable } from 'node:stream';
import { ExportQuery } from '../../protocol/query.ts';
import { exportRun } from '../export/export-run.ts';
import { largerPieces } from '../export/larger-pieces.ts';
import { problems, textAnswer } from './answers.ts';
import { type App, type RouteContext, RunParams, runOf } from './context.ts';

const CONTENT_TYPES = { json: 'application/json; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const;

/** GET /v1/runs/{id}/export */
export function exportRoutes(app: App, context: RouteContext): void {
  const { store, stateOf } = context;
  app.get(
    '/v1/runs/:id/export',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['samples'],
        summary: 'Everything that was kept of a run, as JSON or CSV',
        params: RunParams,
        querystring: ExportQuery,
        response: {
          200: {
            ...textAnswer('The run', 'text/csv'),
            content: {
              'application/json': { schema: { type: 'object' } },
              'text/csv': { schema: { type: 'string' } },
            },
          },
          ...problems,
        },
      },
    },
    (request, reply) => {
      const { format = 'json' } = request.query;
      const record = runOf(context, request.params);
      reply.type(CONTENT_TYPES[format]);
      return reply.send(Readable.from(largerPieces(exportRun(store, stateOf, record, format))));
    },
  );
}
