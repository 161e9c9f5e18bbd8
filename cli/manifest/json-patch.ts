/** Applies a JSON Patch (RFC 6902; add, replace and remove). */
import type { JsonPatchOperation } from '../../injector/inject/json-patch.ts';

type Holder = Record<string, unknown> | unknown[];

/** The value itself stays as it is. */
export function patched<T>(value: T, patch: readonly JsonPatchOperation[]): T {
  const copy = structuredClone(value);
  for (const operation of patch) apply(copy as Holder, operation);
  return copy;
}

/** Into a list an item is put before the one that stands there; into a map it is set. */
function apply(whole: Holder, operation: JsonPatchOperation): void {
  const keys = pointer(operation.path);
  const last = keys.pop() ?? '';
  const holder = keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], whole) as Holder;
  if (!Array.isArray(holder)) {
    if (operation.op === 'remove') delete holder[last];
    else holder[last] = operation.value;
    return;
  }
  const place = last === '-' ? holder.length : Number(last);
  const isAdded = operation.op === 'add';
  if (operation.op === 'remove') holder.splice(place, 1);
  else holder.splice(place, isAdded ? 0 : 1, operation.value);
}

function pointer(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
