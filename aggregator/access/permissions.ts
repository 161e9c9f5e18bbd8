/** What somebody may do with the runs of a namespace, as the API server tells by a SubjectAccessReview. */
import { AuthorizationV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin } from '../../lib/cluster/api-access.ts';
import { CachedReads } from '../../lib/cluster/cached-reads.ts';
import { API_GROUP } from '../../protocol/names.ts';
import type { RunVerb } from './access.ts';
import type { Identity } from './token-identity.ts';

/** The resource that stands for runs in roles; there are no objects of it. */
const RESOURCE = 'runs';

const ASK_MS = 5000;
const REMEMBERED = { most: 10_000, keepMs: 30_000, keepFailureMs: 1000 };

export class Permissions {
  readonly #api: AuthorizationV1Api;
  readonly #namespace: string;
  readonly #reads: CachedReads<boolean>;

  constructor(cluster: KubeConfig, clock: Clock, namespace: string) {
    this.#api = cluster.makeApiClient(AuthorizationV1Api);
    this.#namespace = namespace;
    this.#reads = new CachedReads({ clock, ...REMEMBERED });
  }

  /** `unknown`: the API server did not tell. */
  async may(identity: Identity, verb: RunVerb): Promise<boolean | 'unknown'> {
    const key = JSON.stringify([verb, identity]);
    return (await this.#reads.get(key, ASK_MS, () => this.#review(identity, verb))) ?? 'unknown';
  }

  async #review({ username, uid, groups, extra }: Identity, verb: RunVerb): Promise<boolean> {
    const spec = {
      user: username,
      ...(uid !== undefined && { uid }),
      groups: [...groups],
      extra: Object.fromEntries(Object.entries(extra).map(([name, values]) => [name, [...values]])),
      resourceAttributes: { group: API_GROUP, resource: RESOURCE, namespace: this.#namespace, verb },
    };
    const { status } = await this.#api.createSubjectAccessReview({ body: { spec } }, answeredWithin(ASK_MS));
    return status?.allowed === true && status.denied !== true;
  }
}
