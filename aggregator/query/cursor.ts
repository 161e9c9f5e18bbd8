/**
 * The place in a sorted list of runs at which the next page begins. It holds the sort value and the id of the last
 * run of the page before, not a count, so that runs which arrive meanwhile shift nothing. Opaque to clients.
 */
import { Buffer } from 'node:buffer';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { PodometerError } from '../../protocol/errors.ts';
import { runSortKeys } from '../../protocol/run-choices.ts';

const Cursor = Type.Object({
  sort: Type.Enum([...runSortKeys]),
  order: Type.Enum(['asc', 'desc']),
  /** Null: the run has no such measure. */
  value: Type.Union([Type.Number(), Type.Null()]),
  id: Type.String(),
});
export type Cursor = Static<typeof Cursor>;

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Throws PODO_BAD_REQUEST for one that we did not make, or made for another order. */
export function decodeCursor(text: string, { sort, order }: Pick<Cursor, 'sort' | 'order'>): Cursor {
  const cursor = parse(text);
  if (cursor === undefined) {
    throw badCursor(`"cursor" is ${JSON.stringify(text)}, which no answer gave as nextCursor`);
  }
  if (cursor.sort !== sort || cursor.order !== order) {
    throw badCursor(`"cursor" belongs to a list by ${cursor.sort} ${cursor.order}, not by ${sort} ${order}`);
  }
  return cursor;
}

function parse(text: string): Cursor | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Value.Check(Cursor, value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function badCursor(message: string): PodometerError {
  return new PodometerError('PODO_BAD_REQUEST', message, 'Ask for the first page, without a cursor.');
}
