/** RFC 6902 on plain JSON, as the API server applies it: a place that is not there is an error. */
import assert from 'node:assert/strict';
import type { JsonPatch, JsonPatchOperation } from '../../../injector/inject/json-patch.ts';

type Holder = Record<string, unknown> | unknown[];

export function applyPatch<T>(value: T, patch: JsonPatch): T {
  const copy = structuredClone(value);
  for (const operation of patch) apply(copy as Holder, operation);
  return copy;
}

function apply(root: Holder, operation: JsonPatchOperation): void {
  const keys = operation.path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop() ?? '';
  const holder = keys.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], root);
  assert.ok(typeof holder === 'object' && holder !== null, `${operation.path} has a place`);
  assert.equal(operation.op, 'add', 'the injector only adds');
  const value = 'value' in operation ? structuredClone(operation.value) : undefined;
  if (!Array.isArray(holder)) (holder as Record<string, unknown>)[last] = value;
  else if (last === '-') holder.push(value);
  else {
    assert.ok(Number(last) <= holder.length, `${operation.path} lies within the list`);
    holder.splice(Number(last), 0, value);
  }
}
