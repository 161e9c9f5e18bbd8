/**
 * Server-side apply of the API server double: each manager owns the fields that it applied last, and those that it changed
 * in another way. Objects merge field by field, lists of things with names name by name, and every other list is one
 * value.
 */
import type { Verb } from './api-server.ts';
import { sendJson, sendStatus } from './fault.ts';
import type { GivenObject, StoredObject } from './object-store.ts';
import { changeRefusal, filledIn } from './rules.ts';

export const APPLY = 'application/apply-patch+yaml';

type Json = unknown;
type Fields = Record<string, Json>;

/** By object, then by manager: the paths of its fields. */
export class FieldOwners {
  readonly #owners = new Map<string, Map<string, Set<string>>>();

  of(object: string): Map<string, Set<string>> {
    const known = this.#owners.get(object) ?? new Map<string, Set<string>>();
    this.#owners.set(object, known);
    return known;
  }

  /** By an update or a plain patch: what it changed belongs to `manager` alone from then on. */
  changed(object: string, manager: string, before: object, after: object): void {
    const owners = this.of(object);
    const old = new Map(leaves(before).map(({ path, value }) => [path, JSON.stringify(value)]));
    const paths = leaves(after).filter(({ path, value }) => old.get(path) !== JSON.stringify(value));
    const own = owners.get(manager) ?? new Set<string>();
    owners.set(manager, own);
    for (const { path } of paths) {
      for (const one of owners.values()) one.delete(path);
      own.add(path);
    }
  }

  forget(object: string): void {
    this.#owners.delete(object);
  }
}

export const apply: Verb = (server, { resource, path, query, body }, response) => {
  const { namespace, name = '' } = path;
  const manager = query.get('fieldManager');
  if (manager === null) return sendStatus(response, 422, 'fieldManager is required for apply patch');
  const { metadata, ...rest } = body as Fields & { metadata: Fields };
  if ('managedFields' in metadata || 'resourceVersion' in metadata) {
    return sendStatus(response, 400, 'metadata.managedFields and resourceVersion must not be applied');
  }
  const { name: _name, namespace: _namespace, ...more } = metadata;
  const wanted: Fields = { ...rest, ...(Object.keys(more).length > 0 && { metadata: more }) };
  const before = server.store.get(resource, namespace, name);
  const owners = server.fieldOwners.of(objectKey(resource, namespace, name));
  const paths = new Set(leaves(wanted).map(({ path: leaf }) => leaf));
  const conflicts = conflictsOf(before, wanted, owners, manager);
  if (conflicts.length > 0 && query.get('force') !== 'true') {
    return sendStatus(
      response,
      409,
      `Apply failed with ${conflicts.length} conflict: ${conflicts.join(', ')}`,
    );
  }
  const left = [...(owners.get(manager) ?? [])].filter(
    (leaf) => !paths.has(leaf) && ![...owners].some(([other, own]) => other !== manager && own.has(leaf)),
  );
  const base = left.reduce<Fields>((fields, leaf) => without(fields, leaf), (before ?? {}) as Fields);
  const merged = merge(base, wanted) as unknown as GivenObject;
  const place = { ...merged.metadata, name, ...(namespace !== undefined && { namespace }) };
  const after = filledIn(server.store, resource, { ...merged, metadata: place });
  const refusal = before && changeRefusal(server.store, resource, before, after);
  if (refusal !== undefined) return sendStatus(response, refusal.status, refusal.message);
  for (const [other, own] of owners) if (other !== manager) for (const one of conflicts) own.delete(one);
  owners.set(manager, paths);
  const isSame = before !== undefined && JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
  sendJson(response, before ? 200 : 201, isSame ? before : server.store.put(resource, after));
};

export function objectKey(resource: string, namespace: string | undefined, name: string): string {
  return `${resource} ${namespace ?? ''}/${name}`;
}

function conflictsOf(
  before: StoredObject | undefined,
  wanted: Fields,
  owners: ReadonlyMap<string, ReadonlySet<string>>,
  manager: string,
): string[] {
  const present = new Map(leaves((before ?? {}) as Fields).map(({ path, value }) => [path, value]));
  const isOthers = (path: string) => [...owners].some(([other, own]) => other !== manager && own.has(path));
  return leaves(wanted)
    .filter(
      ({ path, value }) => isOthers(path) && JSON.stringify(present.get(path)) !== JSON.stringify(value),
    )
    .map(({ path }) => path);
}

function leaves(value: Json, path = ''): { readonly path: string; readonly value: Json }[] {
  if (isNamedList(value)) return value.flatMap((item) => leaves(item, `${path}/[${item.name}]`));
  if (!isFields(value) || Object.keys(value).length === 0) return [{ path, value }];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, `${path}/${key.replaceAll('/', '~1')}`));
}

function merge(base: Json, wanted: Json): Fields {
  return mergeValue(base, wanted) as Fields;
}

function mergeValue(base: Json, wanted: Json): Json {
  if (isNamedList(wanted) && isNamedList(base)) {
    const merged = base.map((item) => mergeValue(item, wanted.find(({ name }) => name === item.name) ?? {}));
    const added = wanted.filter(({ name }) => !base.some((item) => item.name === name));
    return [...merged, ...added];
  }
  if (!isFields(base) || !isFields(wanted)) return wanted;
  const merged = Object.entries(wanted).map(([key, value]) => [key, mergeValue(base[key], value)]);
  return { ...base, ...Object.fromEntries(merged) };
}

/** The object without one field, and without what is empty then. */
function without(fields: Fields, path: string): Fields {
  return (remove(fields, path.split('/').slice(1)) ?? {}) as Fields;
}

function remove(value: Json, [step, ...steps]: readonly string[]): Json {
  if (step === undefined) return undefined;
  if (Array.isArray(value)) {
    const kept = value.flatMap((item) => {
      if (`[${(item as Fields).name}]` !== step) return [item];
      const left = remove(item, steps) as Fields | undefined;
      return left === undefined || Object.keys(left).every((key) => key === 'name') ? [] : [left];
    });
    return kept.length > 0 ? kept : undefined;
  }
  if (!isFields(value)) return value;
  const key = step.replaceAll('~1', '/');
  const { [key]: inner, ...others } = value;
  const left = remove(inner, steps);
  if (left !== undefined) return { ...others, [key]: left };
  return Object.keys(others).length > 0 ? others : undefined;
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, sorted(one)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function isFields(value: Json): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamedList(value: Json): value is (Fields & { readonly name: string })[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => isFields(one) && 'name' in one);
}
