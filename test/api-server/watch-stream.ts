/** One `?watch=true`: everything after a version, as lines of JSON, with bookmarks where they are allowed. */
import type { ServerResponse } from 'node:http';
import { statusObject } from './fault.ts';
import type { Change, ObjectStore, StoredObject } from './object-store.ts';
import type { ResourcePath } from './resource-path.ts';

export interface WatchRequest {
  readonly path: ResourcePath;
  /** `apps/v1 replicasets` */
  readonly resource: string;
  readonly isSelected: (object: StoredObject) => boolean;
  readonly fromVersion: number;
  /** Undefined: none are allowed. */
  readonly bookmarkEveryMs: number | undefined;
}

export function streamWatch(store: ObjectStore, request: WatchRequest, response: ServerResponse): void {
  const { path, resource, isSelected, fromVersion, bookmarkEveryMs } = request;
  const send = (type: string, object: object): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const tell = (change: Change): void => {
    const isAsked =
      change.resource === resource &&
      (path.namespace === undefined || change.object.metadata.namespace === path.namespace) &&
      isSelected(change.object);
    if (isAsked) send(change.type, change.object);
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const missed = store.since(fromVersion);
  if (missed === undefined) {
    send('ERROR', statusObject(410, `too old resource version: ${fromVersion}`));
    response.end();
    return;
  }
  missed.forEach(tell);
  const unfollow = store.follow(tell);
  const bookmarks =
    bookmarkEveryMs === undefined
      ? undefined
      : setInterval(() => {
          const metadata = { resourceVersion: String(store.version) };
          send('BOOKMARK', { apiVersion: path.apiVersion, metadata });
        }, bookmarkEveryMs);
  response.on('close', () => {
    unfollow();
    clearInterval(bookmarks);
  });
}
