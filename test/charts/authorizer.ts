/** Whether a ServiceAccount may do what it asks for, by the roles that the chart renders, as the API server reckons it. */
import type { V1ClusterRoleBinding, V1PolicyRule, V1RoleBinding } from '@kubernetes/client-node';
import { parseResourcePath } from '../api-server/resource-path.ts';
import type { Rendered } from './render.ts';

/** Known to everybody who has proved who they are. */
const DISCOVERY = /^\/(version|apis?(\/[^/]+)?(\/v[^/]+)?)$/;

export interface Asked {
  readonly verb: string;
  readonly apiGroup: string;
  /** With its subresource: `metricsets/status`. */
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

export class Authorizer {
  readonly #objects: readonly Rendered[];
  readonly #account: string;

  constructor(objects: readonly Rendered[], account: string) {
    this.#objects = objects;
    this.#account = account;
  }

  /** The rules that hold for the account in all namespaces, or in that one too. */
  rules(namespace?: string): V1PolicyRule[] {
    return this.#objects.flatMap((object) => {
      const { kind, metadata } = object;
      const isThere =
        kind === 'ClusterRoleBinding' || (kind === 'RoleBinding' && metadata.namespace === namespace);
      const { roleRef, subjects } = object as unknown as V1ClusterRoleBinding & V1RoleBinding;
      if (!isThere || !subjects?.some(({ name }) => name === this.#account)) return [];
      const role = this.#objects.find(
        (one) => one.kind === roleRef.kind && one.metadata.name === roleRef.name,
      ) as { rules?: V1PolicyRule[] } | undefined;
      return role?.rules ?? [];
    });
  }

  allows(asked: Asked): boolean {
    return this.rules(asked.namespace).some(
      ({ apiGroups = [], resources = [], verbs, resourceNames }) =>
        verbs.includes(asked.verb) &&
        apiGroups.includes(asked.apiGroup) &&
        resources.includes(asked.resource) &&
        (resourceNames === undefined || resourceNames.includes(asked.name ?? '')),
    );
  }

  /** What is missing for a request to an API server, as sentences. `line`: `GET /api/v1/pods?watch=true`. */
  refusals(line: string): string[] {
    return askedBy(line)
      .filter((asked) => !this.allows(asked))
      .map(({ verb, resource, name, namespace }) => `${verb} ${resource} ${name ?? '*'} in ${namespace}`);
  }
}

function askedBy(line: string): Asked[] {
  const [method = '', address = ''] = line.split(' ');
  const { pathname, searchParams } = new URL(address, 'http://api');
  if (method === 'GET' && DISCOVERY.test(pathname)) return [];
  const path = parseResourcePath(pathname);
  if (path === undefined) throw new Error(`no resource at ${line}`);
  const [, group = ''] = path.apiVersion.split('/').reverse();
  const resource = path.subresource === undefined ? path.plural : `${path.plural}/${path.subresource}`;
  const { namespace } = path;
  // Who asks for the objects of one name alone, be it of all namespaces, is judged by that name.
  const [, selected] = /^metadata\.name=([^,]+)$/.exec(searchParams.get('fieldSelector') ?? '') ?? [];
  const name = path.name ?? selected;
  const isWatch = searchParams.get('watch') === 'true';
  return verbsOf(method, path.name !== undefined, isWatch, searchParams.has('fieldManager')).map((verb) => ({
    verb,
    apiGroup: group,
    resource,
    // An object that is a namespace's own is asked for in it; a namespace is one itself.
    namespace: path.plural === 'namespaces' ? name : namespace,
    name,
  }));
}

/** Server-side apply asks for `create` too, with the name, where there is nothing yet. */
function verbsOf(method: string, hasName: boolean, isWatch: boolean, isApply: boolean): string[] {
  switch (method) {
    case 'GET':
      return [hasName ? 'get' : isWatch ? 'watch' : 'list'];
    case 'POST':
      return ['create'];
    case 'PUT':
      return ['update'];
    case 'PATCH':
      return isApply ? ['patch', 'create'] : ['patch'];
    default:
      return ['delete'];
  }
}
