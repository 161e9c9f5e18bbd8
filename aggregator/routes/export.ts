import { Readable } from 'node:stream';
import { ExportQuery } from '../../protocol/query.ts';
import { exportedRun } from '../export/exported-run.ts';
import { exportForms, inChunks, safeFileName } from '../export/formats.ts';
import { problems } from './answers.ts';
import { type App, type RouteContext, RunParams, runOf } from './context.ts';

const mediaTypes = [...new Set(Object.values(exportForms).map(({ contentType }) => contentType))];
const file = {
  description: 'The file',
  content: Object.fromEntries(mediaTypes.map((type) => [type, { schema: { type: 'string' } }])),
};

/** GET /v1/runs/{id}/export. `pageFolder`: of the built page. */
export function exportRoutes(app: App, context: RouteContext, pageFolder: string | undefined): void {
  app.get(
    '/v1/runs/:id/export',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['samples'],
        summary: 'All samples of a run as a file, streamed',
        params: RunParams,
        querystring: ExportQuery,
        response: { 200: file, ...problems },
      },
    },
    (request, reply) => {
      const { format = 'json' } = request.query;
      const exported = exportedRun(context.store, context.stateOf, runOf(context, request.params));
      const { contentType, suffix, write } = exportForms[format];
      reply
        .header('content-type', contentType)
        .header('content-disposition', attachment(safeFileName(exported.run.ref, suffix)));
      return reply.send(Readable.from(inChunks(write(exported, pageFolder)), { objectMode: false }));
    },
  );
}

/** The name has no character that would have to be quoted in a header. */
export function attachment(fileName: string): string {
  return `attachment; filename="${fileName}"`;
}
