import { PodometerError } from '../../protocol/errors.ts';
import { binaryAnswer, problems } from './answers.ts';
import type { App, RouteContext } from './context.ts';

/** GET /v1/backup */
export function backupRoutes(app: App, { store }: RouteContext): void {
  let isUnderWay = false;
  app.get(
    '/v1/backup',
    {
      exposeHeadRoute: false,
      config: { verb: 'backup' },
      schema: {
        tags: ['server'],
        summary: 'A consistent copy of the whole history, also while it is written to',
        response: { 200: binaryAnswer('The copy, for `podometer restore`'), ...problems },
      },
    },
    async (_request, reply) => {
      if (isUnderWay) throw onlyOne();
      isUnderWay = true;
      reply.raw.once('close', () => {
        isUnderWay = false;
      });
      const copy = await store.openBackup();
      const { size } = await copy.stat();
      reply.header('content-length', size).type('application/octet-stream');
      return reply.send(copy.createReadStream());
    },
  );
}

function onlyOne(): PodometerError {
  return new PodometerError(
    'PODO_BUSY',
    'A backup is being made already',
    'Try again when it is done: each takes as much room on the disk as the history.',
  );
}
