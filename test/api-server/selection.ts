/** `labelSelector` and `fieldSelector` of a list or a watch, as far as they are used here: terms `key=value`, `key`. */
import type { StoredObject } from './object-store.ts';

export function selected(query: URLSearchParams): (object: StoredObject) => boolean {
  const labels = termsOf(query.get('labelSelector'));
  const fields = termsOf(query.get('fieldSelector'));
  return (object) =>
    labels.every(([key, value]) => holds(object.metadata.labels?.[key], value)) &&
    fields.every(([key, value]) => holds(fieldOf(object, key), value));
}

/** `involvedObject.name` */
function fieldOf(object: object, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], object);
}

function termsOf(selector: string | null): [string, string | undefined][] {
  return (selector ?? '')
    .split(',')
    .filter((term) => term !== '')
    .map((term) => {
      const [key = '', value] = term.split('=');
      return [key, value];
    });
}

function holds(found: unknown, wanted: string | undefined): boolean {
  return wanted === undefined ? found !== undefined : found === wanted;
}
