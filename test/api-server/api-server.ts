/**
 * A small API server that speaks real HTTP, so that the real client library is what a test exercises: list, watch with
 * bookmarks and 410 Gone, get, create, update, patch, server-side apply, delete, discovery; and faults. What another test
 * needs beside is one more entry in `verbs`, or a handler of one address given to `answers`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'node:test';
import type { KubeConfig } from '@kubernetes/client-node';
import { FieldOwners } from './apply.ts';
import { patch, remove, update } from './change.ts';
import { collectDependents } from './dependents.ts';
import { discover, kindOf } from './discovery.ts';
import { Faults, sendJson, sendStatus } from './fault.ts';
import { type GivenObject, ObjectStore } from './object-store.ts';
import { paged } from './paging.ts';
import { readBody } from './request-body.ts';
import { parseResourcePath, type ResourcePath } from './resource-path.ts';
import { filledIn } from './rules.ts';
import { selected } from './selection.ts';
import { streamWatch } from './watch-stream.ts';

export interface ApiCall {
  readonly path: ResourcePath;
  /** `apps/v1 replicasets` */
  readonly resource: string;
  readonly query: URLSearchParams;
  /** Parsed; undefined where there was none. */
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
}

export type Verb = (server: ApiServer, call: ApiCall, response: ServerResponse) => void;

const verbs: Readonly<Record<string, Verb>> = {
  GET: (server, call, response) => {
    if (call.path.name !== undefined) getObject(server, call, response);
    else if (call.query.get('watch') === 'true') watch(server, call, response);
    else list(server, call, response);
  },
  POST: create,
  PUT: update,
  PATCH: patch,
  DELETE: remove,
};

export class ApiServer {
  readonly store = new ObjectStore();
  readonly fieldOwners = new FieldOwners();
  readonly faults = new Faults();
  /** Method and address of every request, in the order of their coming. */
  readonly requests: string[] = [];
  /** Handlers that come before `verbs`, by method and path: `POST /apis/authentication.k8s.io/v1/tokenreviews`. */
  readonly answers = new Map<string, Verb>();
  minor = '36';
  bookmarkEveryMs = 50;
  /** The clock by which objects are made. */
  wallMs: () => number = Date.now;
  /** What becomes of a request for another protocol (port-forward.ts); without it, the connection ends. */
  onUpgrade: ((request: IncomingMessage, socket: Duplex) => void) | undefined;
  readonly #http: Server;

  constructor() {
    for (const resource of BUILT_IN) this.store.define(resource);
    collectDependents(this.store);
    this.#http = createServer((request, response) => {
      void this.#answer(request, response);
    });
    this.#http.on('upgrade', (request, socket) => {
      this.requests.push(`${request.method} ${request.url}`);
      if (this.onUpgrade === undefined) socket.destroy();
      else this.onUpgrade(request, socket);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Resolves when it listens; the port is the same as before where it listened once. */
  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.#http.listen(port, '127.0.0.1', resolve));
  }

  /** Ends every watch, as an API server does every few minutes. */
  cutConnections(): void {
    this.#http.closeAllConnections();
  }

  async close(): Promise<void> {
    this.cutConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  /** Points `config` at this server. */
  configure<C extends KubeConfig>(config: C): C {
    config.loadFromClusterAndUser(
      { name: 'double', server: this.url, skipTLSVerify: true },
      { name: 'tester', token: 'a-token' },
    );
    return config;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    this.requests.push(`${method} ${url}`);
    if (await this.faults.meets(`${method} ${url}`, response)) return;
    // A fault may have delayed it for longer than its client, or this server, was there.
    if (request.destroyed) return;
    const { pathname, searchParams } = new URL(url, this.url);
    if (pathname === '/version') return sendJson(response, 200, versionOf(this.minor));
    const known = discover(this.store, pathname);
    if (known !== undefined) return sendJson(response, 200, known);
    const path = parseResourcePath(pathname);
    if (path === undefined) return sendStatus(response, 404, `no resource at ${pathname}`);
    const call: ApiCall = {
      path,
      resource: `${path.apiVersion} ${path.plural}`,
      query: searchParams,
      body: await readBody(request),
      headers: request.headers,
    };
    const verb = this.answers.get(`${method} ${pathname}`) ?? verbs[method];
    if (verb === undefined) return sendStatus(response, 405, `${method} is not supported`);
    if (!this.store.isDefined(call.resource))
      return sendStatus(response, 404, 'the server could not find it');
    verb(this, call, response);
  }
}

const BUILT_IN = [
  'v1 namespaces',
  'v1 limitranges',
  'v1 resourcequotas',
  'v1 events',
  'v1 pods',
  'apps/v1 replicasets',
  'batch/v1 jobs',
  'v1 services',
  'v1 serviceaccounts',
  'v1 secrets',
  'v1 configmaps',
  'v1 persistentvolumeclaims',
  'apps/v1 statefulsets',
  'policy/v1 poddisruptionbudgets',
  'networking.k8s.io/v1 networkpolicies',
  'rbac.authorization.k8s.io/v1 roles',
  'rbac.authorization.k8s.io/v1 rolebindings',
  'rbac.authorization.k8s.io/v1 clusterrolebindings',
  'coordination.k8s.io/v1 leases',
  'storage.k8s.io/v1 storageclasses',
  'admissionregistration.k8s.io/v1 mutatingwebhookconfigurations',
];

/** One that lives as long as the test. */
export async function startApiServer(t: TestContext): Promise<ApiServer> {
  const server = new ApiServer();
  await server.listen();
  t.after(() => server.close());
  return server;
}

function versionOf(minor: string): object {
  return { major: '1', minor, gitVersion: `v1.${Number.parseInt(minor, 10)}.0` };
}

function getObject({ store }: ApiServer, { resource, path }: ApiCall, response: ServerResponse): void {
  const { namespace, name = '' } = path;
  const object = store.get(resource, namespace, name);
  if (object === undefined) sendStatus(response, 404, `${path.plural} "${name}" not found`);
  else sendJson(response, 200, object);
}

function list({ store }: ApiServer, { resource, path, query }: ApiCall, response: ServerResponse): void {
  const { items, rest } = paged(store.list(resource, path.namespace).filter(selected(query)), query);
  sendJson(response, 200, {
    apiVersion: path.apiVersion,
    kind: `${kindOf(path.plural)}List`,
    metadata: { resourceVersion: String(store.version), ...rest },
    items,
  });
}

function watch({ store, bookmarkEveryMs }: ApiServer, call: ApiCall, response: ServerResponse): void {
  const { path, resource, query } = call;
  streamWatch(
    store,
    {
      path,
      resource,
      isSelected: selected(query),
      fromVersion: Number(query.get('resourceVersion')),
      bookmarkEveryMs: query.get('allowWatchBookmarks') === 'true' ? bookmarkEveryMs : undefined,
    },
    response,
  );
}

function create(
  { store, wallMs }: ApiServer,
  { resource, path, body }: ApiCall,
  response: ServerResponse,
): void {
  const given = body as GivenObject;
  const { name } = given.metadata;
  const { namespace } = path;
  if (name === undefined) sendStatus(response, 400, 'the object has no name');
  else if (store.get(resource, namespace, name)) sendStatus(response, 409, `"${name}" already exists`);
  else {
    const creationTimestamp = new Date(wallMs()).toISOString() as unknown as Date;
    const metadata = { creationTimestamp, ...given.metadata, ...(namespace !== undefined && { namespace }) };
    const type = { apiVersion: path.apiVersion, kind: kindOf(path.plural) };
    sendJson(response, 201, store.put(resource, filledIn(store, resource, { ...type, ...given, metadata })));
  }
}
