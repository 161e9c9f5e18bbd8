import { answer, problems, textAnswer } from './answers.ts';
import { type App, type RouteContext, RunParams, runOf, viewOf } from './context.ts';
import { EventStream } from './event-stream.ts';
import { followRun } from './follow-run.ts';

const list = answer('RunEventsPage', 'What happened in the run');
const stream = textAnswer('What becomes of the run', 'text/event-stream');
const listOrStream = { ...list, content: { ...list.content, ...stream.content } };

/** GET /v1/runs/{id}/events: a list, or a stream where the client accepts text/event-stream */
export function eventRoutes(app: App, context: RouteContext): void {
  const open = new Set<EventStream>();
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end();
  });
  app.get(
    '/v1/runs/:id/events',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['samples'],
        summary: 'Events of a run as a list, or a stream that follows it while it runs',
        description:
          'With `Accept: text/event-stream`: `run` (the run, at first and when it changed), `samples` (new ones can ' +
          'be read), `end` (the run has ended; nothing follows). Otherwise the list of what happened in the run.',
        params: RunParams,
        response: { 200: listOrStream, ...problems },
      },
    },
    (request, reply) => {
      const record = runOf(context, request.params);
      if (!request.headers.accept?.includes('text/event-stream')) {
        reply.send({ events: [...context.store.directory(record.id).events] });
        return;
      }
      reply.hijack();
      const stream = new EventStream(reply.raw);
      open.add(stream);
      stream.closed.addEventListener('abort', () => open.delete(stream));
      followRun(stream, {
        read: () => context.store.run(record.id),
        view: (one) => viewOf(context, one),
        failed: (error) => request.log.error({ err: error }, 'a followed run could not be read'),
        everyMs: context.followMs,
      });
    },
  );
}
