import { problems, textAnswer } from './answers.ts';
import type { App, RouteContext } from './context.ts';

/** GET /livez and /readyz: open to the probes of the platform */
export function healthRoutes(app: App, { store }: RouteContext): void {
  app.get(
    '/livez',
    {
      config: { open: true },
      schema: {
        tags: ['server'],
        summary: 'Whether the server answers',
        response: { 200: textAnswer('It does') },
      },
    },
    () => 'ok\n',
  );
  app.get(
    '/readyz',
    {
      config: { open: true },
      schema: {
        tags: ['server'],
        summary: 'Whether the store can be read',
        response: { 200: textAnswer('It can'), ...problems },
      },
    },
    () => {
      store.run('');
      return 'ok\n';
    },
  );
}
