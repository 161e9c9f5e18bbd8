/** The part of a route's schema that tells of its answers. In the document each refers to a schema by its name. */
import { CompareAnswer } from '../../protocol/comparison.ts';
import { FindingsPage, PhasesPage } from '../../protocol/findings.ts';
import {
  BatchAcknowledgement,
  Problem,
  ProcessesPage,
  RunEventsPage,
  RunsPage,
  RunView,
  SeriesAnswer,
  WorkloadsPage,
} from '../../protocol/query.ts';
import { RightsizeAnswer } from '../../protocol/rightsize.ts';

/** By their `$id`. */
export const namedSchemas = {
  Run: RunView,
  RunsPage,
  WorkloadsPage,
  ProcessesPage,
  Series: SeriesAnswer,
  Comparison: CompareAnswer,
  RunEventsPage,
  FindingsPage,
  PhasesPage,
  Rightsize: RightsizeAnswer,
  BatchAcknowledgement,
  Problem,
};

export function answer(name: keyof typeof namedSchemas, description: string, type = 'application/json') {
  return { description, content: { [type]: { schema: { $ref: `${name}#` } } } };
}

export function textAnswer(description: string, type = 'text/plain') {
  return { description, content: { [type]: { schema: { type: 'string' } } } };
}

export const problems = {
  '4xx': answer('Problem', 'The request cannot be answered', 'application/problem+json'),
  '5xx': answer('Problem', 'The server failed', 'application/problem+json'),
};
