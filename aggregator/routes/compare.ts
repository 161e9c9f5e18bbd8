import { PodometerError } from '../../protocol/errors.ts';
import { CompareQuery } from '../../protocol/query.ts';
import { type ComparedRun, compareRuns } from '../query/compare.ts';
import { earlierMeasures } from '../query/history.ts';
import { resolveRun } from '../query/resolve-run.ts';
import { processViews, summaryColumns } from '../query/summary.ts';
import type { RunRecord } from '../store/model.ts';
import { answer, problems } from './answers.ts';
import { type App, type RouteContext, viewOf } from './context.ts';

/** GET /v1/compare */
export function compareRoutes(app: App, context: RouteContext): void {
  const { store, stateOf } = context;
  app.get(
    '/v1/compare',
    {
      schema: {
        tags: ['runs'],
        summary: 'Two runs side by side, with the history of their workload',
        querystring: CompareQuery,
        response: { 200: answer('Comparison', 'The comparison'), ...problems },
      },
    },
    (request) => {
      const [a, b] = twoRuns(request.query.runs).map((reference) => resolveRun(store, reference)) as Pair;
      const earlier = earlierMeasures(store, b, stateOf, new Set([a.id]));
      return compareRuns(comparedRun(context, a), comparedRun(context, b), earlier);
    },
  );
}

type Pair = [RunRecord, RunRecord];

function twoRuns(runs: string): string[] {
  const references = runs.split(',').map((reference) => reference.trim());
  if (references.length === 2) return references;
  throw new PodometerError(
    'PODO_BAD_REQUEST',
    `The query field "runs" is "${runs}", which names ${references.length} runs`,
    'Give two runs, separated by a comma: the baseline first.',
  );
}

function comparedRun(context: RouteContext, record: RunRecord): ComparedRun {
  const series = context.store.series(record.id, { columns: summaryColumns });
  return {
    run: viewOf(context, record),
    processes: processViews(record, context.store.directory(record.id), series),
  };
}
