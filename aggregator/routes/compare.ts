import { CompareQuery } from '../../protocol/comparison.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { parseMarks, parseMeasures } from '../query/compare.ts';
import { compareRuns, type SideExpressions } from '../query/compare-runs.ts';
import { answer, problems } from './answers.ts';
import type { App, RouteContext } from './context.ts';

/** GET /v1/compare */
export function compareRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/compare',
    {
      schema: {
        tags: ['runs'],
        summary: 'Two sides, each one run or several: what changed, and whether it is more than noise',
        querystring: CompareQuery,
        response: { 200: answer('Comparison', 'The comparison'), ...problems },
      },
    },
    ({ query }) => {
      const { leaveOut, measures, effect } = query;
      return compareRuns(context.store, context.stateOf, sidesOf(query), {
        ...(leaveOut !== undefined && { leaveOut: parseMarks(leaveOut, 'The query field "leaveOut"') }),
        ...(measures !== undefined && { measures: parseMeasures(measures, 'The query field "measures"') }),
        ...(effect !== undefined && { effect }),
      });
    },
  );
}

function sidesOf({ runs, a, b }: CompareQuery): SideExpressions {
  if (runs === undefined && a !== undefined && b !== undefined) return { a, b };
  if (runs === undefined || a !== undefined || b !== undefined) {
    throw new PodometerError(
      'PODO_BAD_REQUEST',
      'The query fields "a" and "b" name the two sides, and one of them is missing or "runs" stands beside them',
      'Give a and b, or two runs in "runs", separated by a comma: the baseline first.',
    );
  }
  const references = runs.split(',').map((reference) => reference.trim());
  const [before, after] = references;
  if (references.length === 2 && before !== undefined && after !== undefined) return { a: before, b: after };
  throw new PodometerError(
    'PODO_BAD_REQUEST',
    `The query field "runs" is "${runs}", which names ${references.length} runs`,
    'Give two runs, separated by a comma: the baseline first. Sides of several runs go into a and b.',
  );
}
