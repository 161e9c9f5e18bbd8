import Type from 'typebox';
import { RightsizeQuery } from '../../protocol/rightsize.ts';
import { rightsizeWorkload } from '../query/rightsize/rightsize-workload.ts';
import { answer, problems } from './answers.ts';
import type { App, RouteContext } from './context.ts';

/** GET /v1/workloads/{name}/rightsize */
export function rightsizeRoutes(app: App, { store, stateOf }: RouteContext): void {
  app.get(
    '/v1/workloads/:name/rightsize',
    {
      schema: {
        tags: ['runs'],
        summary: 'The requests and limits that a workload would have needed, beside what is set',
        params: Type.Object({ name: Type.String({ description: 'Workload name' }) }),
        querystring: RightsizeQuery,
        response: { 200: answer('Rightsize', 'The advice for each container'), ...problems },
      },
    },
    (request) => rightsizeWorkload(store, stateOf, request.params.name, request.query),
  );
}
