import { listWorkloads } from '../query/list-workloads.ts';
import { answer, problems } from './answers.ts';
import type { App, RouteContext } from './context.ts';

/** GET /v1/workloads */
export function workloadRoutes(app: App, { store, stateOf }: RouteContext): void {
  app.get(
    '/v1/workloads',
    {
      schema: {
        tags: ['runs'],
        summary: 'Every workload that has runs, with its latest run and the figures of its last 20',
        response: { 200: answer('WorkloadsPage', 'The workloads'), ...problems },
      },
    },
    () => listWorkloads(store.runs(), stateOf),
  );
}
