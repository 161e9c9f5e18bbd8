import { SeriesQuery } from '../../protocol/query.ts';
import { readSeries } from '../query/read-series.ts';
import { answer, problems } from './answers.ts';
import { type App, type RouteContext, RunParams, runOf } from './context.ts';
import { isKnownAnswer, NotModified } from './entity-tag.ts';

/** GET /v1/runs/{id}/series */
export function seriesRoutes(app: App, context: RouteContext): void {
  const { store, inTurn } = context;
  app.get(
    '/v1/runs/:id/series',
    {
      preHandler: inTurn,
      schema: {
        tags: ['samples'],
        summary: 'Columns over time, in buckets that keep the least, the greatest and the mean',
        params: RunParams,
        querystring: SeriesQuery,
        response: { 200: answer('Series', 'The series'), 304: NotModified, ...problems },
      },
    },
    (request, reply) => {
      const record = runOf(context, request.params);
      if (isKnownAnswer(record, request, reply)) {
        reply.status(304).send(null);
        return;
      }
      reply.send(readSeries(store, record, request.query));
    },
  );
}
