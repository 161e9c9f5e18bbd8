/** `limit` and `continue` of a list: `continue` is the place of the first object that was not given yet. */
import type { StoredObject } from './object-store.ts';

export interface Paged {
  readonly items: readonly StoredObject[];
  /** What the list's metadata tells of the rest. */
  readonly rest: { readonly continue?: string };
}

export function paged(objects: readonly StoredObject[], query: URLSearchParams): Paged {
  const from = Number(query.get('continue'));
  const to = from + (Number(query.get('limit')) || objects.length);
  return { items: objects.slice(from, to), rest: to < objects.length ? { continue: String(to) } : {} };
}
