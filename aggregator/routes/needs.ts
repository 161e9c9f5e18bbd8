import { NeedsQuery } from '../../protocol/needs.ts';
import { workloadNeeds } from '../query/rightsize/workload-needs.ts';
import { answer, problems } from './answers.ts';
import type { App, RouteContext } from './context.ts';

const DEFAULT_RUNS = 10;

/** GET /v1/needs */
export function needsRoutes(app: App, { store, stateOf, inTurn }: RouteContext): void {
  app.get(
    '/v1/needs',
    {
      preHandler: inTurn,
      schema: {
        tags: ['runs'],
        summary: 'What the containers of a workload needed, over its newest good runs',
        querystring: NeedsQuery,
        response: { 200: answer('WorkloadNeeds', 'CPU and memory of each container'), ...problems },
      },
    },
    ({ query: { workload, runs = DEFAULT_RUNS } }) => workloadNeeds(store, stateOf, workload, runs),
  );
}
