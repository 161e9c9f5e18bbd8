/** Which parts of two values are the same part, be it changed. */
import { isDeepStrictEqual } from 'node:util';

export type Fields = Readonly<Record<string, unknown>>;

/** Nothing came, went or moved. */
export function haveSameNames(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && before.every((one, i) => nameOf(one) === nameOf(after[i]));
}

function nameOf(item: unknown): unknown {
  return isFields(item) ? item.name : undefined;
}

/** Whether two items of a list are the same one, be it changed: by their name where they have one. */
export function isSame(a: unknown, b: unknown): boolean {
  const name = nameOf(a);
  return name === undefined ? isDeepStrictEqual(a, b) : name === nameOf(b);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
