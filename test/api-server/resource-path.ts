/** The address of a resource or an object: `/api/v1/namespaces/team-a/limitranges/small`, `/apis/apps/v1/…`. */
export interface ResourcePath {
  /** `v1`, `apps/v1`. */
  readonly apiVersion: string;
  readonly plural: string;
  /** Undefined: all of them, or a resource that belongs to none. */
  readonly namespace: string | undefined;
  /** Undefined: the collection. */
  readonly name: string | undefined;
  /** `status`, `scale`, … */
  readonly subresource: string | undefined;
}

const PATH =
  /^\/(?:api\/(?<core>v1)|apis\/(?<group>[^/]+\/[^/]+))(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?(?:\/(?<subresource>[^/]+))?$/;

/** Undefined where the address is none. */
export function parseResourcePath(pathname: string): ResourcePath | undefined {
  const { core, group, namespace, plural, name, subresource } = PATH.exec(pathname)?.groups ?? {};
  const apiVersion = core ?? group;
  if (apiVersion === undefined || plural === undefined) return undefined;
  return { apiVersion, plural, namespace, name, subresource };
}
