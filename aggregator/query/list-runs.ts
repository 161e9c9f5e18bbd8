/** A page of the runs that a query asks for. */

import type { RunSortKey } from '../../protocol/run-choices.ts';
import type { RunsPage, RunsQuery } from '../../protocol/run-list.ts';
import type { RunRecord } from '../store/model.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { figuresOf } from './run-figures.ts';
import { runFilter, timeOf } from './run-filter.ts';
import { type RunPlace, runOrder } from './run-order.ts';
import { runView, type StateOf } from './run-view.ts';

const DEFAULT_LIMIT = 100;

interface Placed extends RunPlace {
  readonly record: RunRecord;
}

/** `records`: newest first, and so is the page unless the query says otherwise. Throws PODO_BAD_REQUEST for an unknown cursor. */
export function listRuns(records: Iterable<RunRecord>, query: RunsQuery, stateOf: StateOf): RunsPage {
  const { sort = 'startedAt', order = 'desc', limit = DEFAULT_LIMIT } = query;
  const compare = runOrder(order);
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, { sort, order });
  const wanted = runFilter(query, stateOf);
  const { sinceMs } = timeOf(query);
  const isNewestFirst = sort === 'startedAt' && order === 'desc';
  const placed: Placed[] = [];
  for (const record of records) {
    if (record.startedAtMs < sinceMs) break;
    if (isNewestFirst && placed.length > limit && record.startedAtMs < Number(placed.at(-1)?.value)) break;
    if (!wanted(record)) continue;
    const one = { record, id: record.id, value: sortValue(record, sort) };
    if (after === undefined || compare(one, after) > 0) placed.push(one);
  }
  placed.sort(compare);
  const page = placed.slice(0, limit);
  const last = page.at(-1);
  return {
    runs: page.map(({ record }) => runView(record, stateOf(record))),
    ...(last !== undefined &&
      placed.length > limit && {
        nextCursor: encodeCursor({ sort, order, value: last.value, id: last.id }),
      }),
  };
}

function sortValue(record: RunRecord, sort: RunSortKey): number | null {
  if (sort === 'startedAt') return record.startedAtMs;
  return figuresOf(record.members)[sort] ?? null;
}
