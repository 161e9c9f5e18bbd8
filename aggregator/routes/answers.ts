/** The part of a route's schema that tells of its answers. In the document each refers to a schema by its name. */
import { CompareAnswer } from '../../protocol/comparison.ts';
import { DeviationsPage } from '../../protocol/deviation.ts';
import { FindingsPage, PhasesPage } from '../../protocol/findings.ts';
import { WorkloadNeeds } from '../../protocol/needs.ts';
import {
  BatchAcknowledgement,
  Problem,
  ProcessesPage,
  RunEventsPage,
  RunView,
  SeriesAnswer,
} from '../../protocol/query.ts';
import { RunsPage, WorkloadsPage } from '../../protocol/run-list.ts';
import { WallSplit } from '../../protocol/wall-split.ts';

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
  WallSplit,
  DeviationsPage,
  WorkloadNeeds,
  BatchAcknowledgement,
  Problem,
};

export function answer(name: keyof typeof namedSchemas, description: string, type = 'application/json') {
  return { description, content: { [type]: { schema: { $ref: `${name}#` } } } };
}

export function textAnswer(description: string, type = 'text/plain') {
  return { description, content: { [type]: { schema: { type: 'string' } } } };
}

export function binaryAnswer(description: string) {
  return {
    description,
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  };
}

export const problems = {
  '4xx': answer('Problem', 'The request cannot be answered', 'application/problem+json'),
  '5xx': answer('Problem', 'The server failed', 'application/problem+json'),
};
