/** PUT, DELETE, and the patches that own no fields, of the API server double. */
import type { ApiCall, ApiServer, Verb } from './api-server.ts';
import { APPLY, apply, objectKey } from './apply.ts';
import { heldBack } from './dependents.ts';
import { sendJson, sendStatus } from './fault.ts';
import type { GivenObject, StoredObject } from './object-store.ts';

type Fields = Record<string, unknown>;

interface Operation {
  readonly op: 'add' | 'replace' | 'remove' | 'test';
  readonly path: string;
  readonly value?: unknown;
}

export const update: Verb = (server, call, response) => {
  const { resource, path, body } = call;
  const { namespace, name = '' } = path;
  const before = server.store.get(resource, namespace, name);
  const given = body as GivenObject;
  const version = given.metadata.resourceVersion;
  if (before === undefined) return sendStatus(response, 404, `${path.plural} "${name}" not found`);
  if (version !== undefined && version !== before.metadata.resourceVersion) {
    return sendStatus(response, 409, 'the object has been modified', {}, 'Conflict');
  }
  sendJson(response, 200, put(server, call, before, given as Fields));
};

export const patch: Verb = (server, call, response) => {
  const type = call.headers['content-type'] ?? '';
  if (type.startsWith(APPLY) && call.path.subresource === undefined) return apply(server, call, response);
  const { resource, path, body } = call;
  const before = server.store.get(resource, path.namespace, path.name ?? '');
  if (before === undefined) return sendStatus(response, 404, `${path.plural} "${path.name}" not found`);
  if (type.startsWith('application/json-patch+json')) {
    const changed = operate(before, body as Operation[]);
    if (changed === undefined) return sendStatus(response, 422, 'the server rejected our request');
    sendJson(response, 200, put(server, call, before, changed));
  } else {
    sendJson(response, 200, put(server, call, before, mergePatch(before, body) as Fields));
  }
};

export const remove: Verb = (server, { resource, path }, response) => {
  const { namespace, name = '' } = path;
  const before = server.store.get(resource, namespace, name);
  const held = before && heldBack(server.store, resource, before);
  if (held !== undefined) return sendJson(response, 200, held);
  server.fieldOwners.forget(objectKey(resource, namespace, name));
  const removed = server.store.remove(resource, namespace, name);
  if (removed === undefined) sendStatus(response, 404, `${path.plural} "${name}" not found`);
  else sendJson(response, 200, { kind: 'Status', apiVersion: 'v1', status: 'Success' });
};

/** `status` changes the status alone, and everything else leaves it as it is. */
function put(
  { store, fieldOwners }: ApiServer,
  { resource, path, headers }: ApiCall,
  before: StoredObject,
  given: Fields,
): StoredObject {
  const { status, ...rest } = given;
  const old = before as unknown as Fields;
  const changed = path.subresource === 'status' ? { ...old, status } : { ...rest, status: old.status };
  const { namespace, name = '' } = path;
  const manager = `update by ${headers['user-agent']}`;
  fieldOwners.changed(objectKey(resource, namespace, name), manager, before, changed);
  return store.put(resource, {
    ...changed,
    metadata: { ...before.metadata, ...(rest.metadata as object) },
  } as GivenObject);
}

/** RFC 7386. */
function mergePatch(base: unknown, change: unknown): unknown {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change;
  const merged: Fields = typeof base === 'object' && base !== null ? { ...base } : {};
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** RFC 6902, as far as it is used here; undefined where a test fails or a path is not there. */
function operate(base: object, operations: readonly Operation[]): Fields | undefined {
  const changed = structuredClone(base) as Fields;
  for (const { op, path, value } of operations) {
    const steps = path
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = steps.pop() ?? '';
    const holder = steps.reduce<Fields | undefined>((at, step) => at?.[step] as Fields | undefined, changed);
    if (holder === undefined) return undefined;
    if (op === 'test' && JSON.stringify(holder[last]) !== JSON.stringify(value)) return undefined;
    if (op !== 'add' && op !== 'test' && !(last in holder)) return undefined;
    if (op === 'remove') delete holder[last];
    else if (op !== 'test') holder[last] = value;
  }
  return changed;
}
