/** Who brings a token, as the API server tells by a TokenReview. */
import { createHash } from 'node:crypto';
import { AuthenticationV1Api, type KubeConfig, type V1UserInfo } from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin } from '../../lib/cluster/api-access.ts';
import { CachedReads } from '../../lib/cluster/cached-reads.ts';

export interface Identity {
  readonly username: string;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** `invalid`: the API server does not know the token. `unknown`: the API server did not tell. */
export type Identified = Identity | 'invalid' | 'unknown';

const ASK_MS = 5000;
/** A token that is revoked is believed for at most this long. */
const REMEMBERED = { most: 10_000, keepMs: 60_000, keepFailureMs: 1000 };

export class TokenIdentity {
  readonly #api: AuthenticationV1Api;
  readonly #reads: CachedReads<Identity | 'invalid'>;

  constructor(cluster: KubeConfig, clock: Clock) {
    this.#api = cluster.makeApiClient(AuthenticationV1Api);
    this.#reads = new CachedReads({ clock, ...REMEMBERED });
  }

  /** `audience`: for whom the token must be made out; undefined: for the API server itself. */
  async of(token: string, audience: string | undefined): Promise<Identified> {
    const key = `${audience ?? ''} ${createHash('sha256').update(token).digest('base64')}`;
    return (await this.#reads.get(key, ASK_MS, () => this.#review(token, audience))) ?? 'unknown';
  }

  async #review(token: string, audience: string | undefined): Promise<Identity | 'invalid'> {
    const spec = { token, ...(audience !== undefined && { audiences: [audience] }) };
    const { status } = await this.#api.createTokenReview({ body: { spec } }, answeredWithin(ASK_MS));
    const isMeant = audience === undefined || (status?.audiences ?? []).includes(audience);
    const user = status?.user;
    return status?.authenticated === true && isMeant && user !== undefined ? identityOf(user) : 'invalid';
  }
}

function identityOf({ username = '', uid, groups = [], extra = {} }: V1UserInfo): Identity {
  return { username, uid, groups, extra };
}
