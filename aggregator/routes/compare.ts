import { Readable } from 'node:stream';
import { CompareQuery } from '../../protocol/comparison.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { exportForms, inChunks, safeFileName } from '../export/formats.ts';
import { comparisonHtml } from '../export/html.ts';
import { type CompareOptions, parseMarks, parseMeasures } from '../query/compare.ts';
import { compareRuns, type SideExpressions } from '../query/compare-runs.ts';
import { answer, problems, textAnswer } from './answers.ts';
import type { App, RouteContext } from './context.ts';
import { attachment } from './export.ts';

/** GET /v1/compare and /v1/compare/export. `pageFolder`: of the built page. */
export function compareRoutes(app: App, context: RouteContext, pageFolder: string | undefined): void {
  const { store, stateOf, inTurn } = context;
  app.get(
    '/v1/compare',
    {
      preHandler: inTurn,
      schema: {
        tags: ['runs'],
        summary: 'Two sides, each one run or several: what changed, and whether it is more than noise',
        querystring: CompareQuery,
        response: { 200: answer('Comparison', 'The comparison'), ...problems },
      },
    },
    ({ query }) => compareRuns(store, stateOf, sidesOf(query), optionsOf(query)),
  );
  app.get(
    '/v1/compare/export',
    {
      exposeHeadRoute: false,
      preHandler: inTurn,
      schema: {
        tags: ['runs'],
        summary: 'A comparison as one HTML file that opens offline',
        querystring: CompareQuery,
        response: { 200: textAnswer('The file', 'text/html'), ...problems },
      },
    },
    async ({ query }, reply) => {
      const comparison = await compareRuns(store, stateOf, sidesOf(query), optionsOf(query));
      const { suffix, contentType } = exportForms.html;
      const { a, b } = comparison.sides;
      reply
        .header('content-type', contentType)
        .header('content-disposition', attachment(safeFileName(`${a.label} and ${b.label}`, suffix)));
      const pieces = comparisonHtml(store, stateOf, comparison, pageFolder);
      return reply.send(Readable.from(inChunks(pieces), { objectMode: false }));
    },
  );
}

function optionsOf({ leaveOut, measures, effect }: CompareQuery): CompareOptions {
  return {
    ...(leaveOut !== undefined && { leaveOut: parseMarks(leaveOut, 'The query field "leaveOut"') }),
    ...(measures !== undefined && { measures: parseMeasures(measures, 'The query field "measures"') }),
    ...(effect !== undefined && { effect }),
  };
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
