/** PUT and DELETE of the API server double, and which objects a label selector of equalities takes. */
import type { ServerResponse } from 'node:http';
import type { ApiCall, ApiServer } from './api-server.ts';
import { sendJson, sendStatus } from './fault.ts';
import type { GivenObject, StoredObject } from './object-store.ts';

/** With optimistic locking. Of a subresource `status` nothing else is changed, and of the object all but its status. */
export function replaceObject({ store }: ApiServer, call: ApiCall, response: ServerResponse): void {
  const { resource, path } = call;
  const given = call.body as GivenObject & { status?: unknown };
  const before = store.get(resource, path.namespace, path.name ?? '') as
    | (StoredObject & { status?: unknown })
    | undefined;
  const { resourceVersion = before?.metadata.resourceVersion } = given.metadata;
  if (before === undefined) sendStatus(response, 404, `${path.plural} "${path.name}" not found`);
  else if (resourceVersion !== before.metadata.resourceVersion) {
    sendStatus(response, 409, 'the object has been modified');
  } else {
    const isStatus = path.subresource === 'status';
    const next = isStatus ? { ...before, status: given.status } : { ...given, status: before.status };
    sendJson(response, 200, store.put(resource, next));
  }
}

export function deleteObject({ store }: ApiServer, call: ApiCall, response: ServerResponse): void {
  const { resource, path } = call;
  const removed = store.remove(resource, path.namespace, path.name ?? '');
  if (removed === undefined) sendStatus(response, 404, `${path.plural} "${path.name}" not found`);
  else sendJson(response, 200, { kind: 'Status', apiVersion: 'v1', status: 'Success' });
}

/** `selector`: `a=b,c=d`; null takes all. */
export function isSelected({ metadata }: StoredObject, selector: string | null): boolean {
  if (selector === null || selector === '') return true;
  return selector.split(',').every((equality) => {
    const [key = '', value] = equality.split('=');
    return metadata.labels?.[key] === value;
  });
}
