/**
 * Access by the rules of the cluster. Agents bring a token that the kubelet bound to their pod and made out for us, and
 * may write that pod's samples. Everybody else brings a token of the API server, and may do with runs what roles allow
 * for `runs.podometer.dev` in this namespace.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Batch } from '../../protocol/batch.ts';
import { type ErrorCode, PodometerError } from '../../protocol/errors.ts';
import { BATCHES_PATH, TOKEN_AUDIENCE } from '../../protocol/names.ts';
import type { MemberRecord } from '../store/model.ts';
import type { Access, AgentPod, RunVerb } from './access.ts';
import type { AgentRates } from './agent-rates.ts';
import type { Permissions } from './permissions.ts';
import type { Identity, TokenIdentity } from './token-identity.ts';

const POD_NAME = 'authentication.kubernetes.io/pod-name';
const POD_UID = 'authentication.kubernetes.io/pod-uid';

/** One line for each request that was refused. */
export interface Denial {
  readonly code: ErrorCode;
  readonly method: string;
  readonly path: string;
  /** Undefined where it is not known who asked. */
  readonly user: string | undefined;
  readonly address: string;
}

export interface ClusterAccessParts {
  readonly namespace: string;
  readonly tokens: Pick<TokenIdentity, 'of'>;
  readonly permissions: Pick<Permissions, 'may'>;
  readonly rates: AgentRates;
  readonly memberOf: (agent: string) => Pick<MemberRecord, 'name' | 'podUid'> | undefined;
  readonly onDenied: (denial: Denial) => void;
}

export class ClusterAccess implements Access {
  readonly #parts: ClusterAccessParts;
  readonly #pods = new WeakMap<FastifyRequest, AgentPod>();

  constructor(parts: ClusterAccessParts) {
    this.#parts = parts;
  }

  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const token = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined)
      throw this.#denied(request, undefined, 'PODO_UNAUTHORIZED', 'It brings no token');
    if (request.method === 'POST' && pathOf(request) === BATCHES_PATH) {
      await this.#admitAgent(request, reply, token);
    } else await this.#admitPerson(request, token);
  }

  admitBatch(request: FastifyRequest, batch: Batch): void {
    const pod = this.#pods.get(request);
    const { declaration, agent } = batch;
    const said = declaration && { name: declaration.member, podUid: declaration.podUid };
    const member = said ?? this.#parts.memberOf(agent);
    const { name = pod?.name, podUid = pod?.uid } = member ?? {};
    if (pod === undefined || name !== pod.name || podUid !== pod.uid) {
      throw this.#denied(
        request,
        pod?.name,
        'PODO_FORBIDDEN',
        `The batch is of pod ${name} (${podUid}), the token of ${pod?.name} (${pod?.uid})`,
      );
    }
    const { namespace = this.#parts.namespace } = batch.declaration?.workload ?? {};
    if (namespace !== this.#parts.namespace) {
      throw this.#denied(request, pod.name, 'PODO_FORBIDDEN', `The batch is of namespace ${namespace}`);
    }
  }

  async #admitAgent(request: FastifyRequest, reply: FastifyReply, token: string): Promise<void> {
    const identity = await this.#identify(request, token, TOKEN_AUDIENCE);
    const pod = podOf(identity, this.#parts.namespace);
    if (pod === undefined) {
      throw this.#denied(
        request,
        identity.username,
        'PODO_FORBIDDEN',
        'The token is bound to no pod of this namespace',
      );
    }
    const waitMs = this.#parts.rates.take(pod.uid);
    if (waitMs > 0) {
      reply.header('retry-after', String(Math.ceil(waitMs / 1000)));
      throw new PodometerError(
        'PODO_BUSY',
        `Pod ${pod.name} sends too often`,
        'Send again after Retry-After.',
      );
    }
    this.#pods.set(request, pod);
  }

  async #admitPerson(request: FastifyRequest, token: string): Promise<void> {
    const identity = await this.#identify(request, token, undefined);
    const verb = verbOf(request);
    const may = await this.#parts.permissions.may(identity, verb);
    if (may === 'unknown') throw apiServerSilent();
    if (may) return;
    throw this.#denied(
      request,
      identity.username,
      'PODO_FORBIDDEN',
      `${identity.username} may not ${verb} runs.podometer.dev in ${this.#parts.namespace}`,
    );
  }

  async #identify(request: FastifyRequest, token: string, audience: string | undefined): Promise<Identity> {
    const identity = await this.#parts.tokens.of(token, audience);
    if (identity === 'unknown') throw apiServerSilent();
    if (identity !== 'invalid') return identity;
    throw this.#denied(request, undefined, 'PODO_UNAUTHORIZED', 'The API server does not know the token');
  }

  #denied(
    request: FastifyRequest,
    user: string | undefined,
    code: 'PODO_UNAUTHORIZED' | 'PODO_FORBIDDEN',
    sentence: string,
  ): PodometerError {
    const { method, ip: address } = request;
    this.#parts.onDenied({ code, method, path: pathOf(request), user, address });
    return new PodometerError(code, sentence, MENDS[code]);
  }
}

const MENDS = {
  PODO_UNAUTHORIZED: 'Send `Authorization: Bearer TOKEN`; `podometer -n NAMESPACE` brings one by itself.',
  PODO_FORBIDDEN: 'Ask for a role that allows it (docs/security.md).',
} as const;

function apiServerSilent(): PodometerError {
  return new PodometerError(
    'PODO_CLUSTER_UNREACHABLE',
    'The API server did not tell who asks',
    'Ask again in a moment.',
  );
}

/** The pod that a projected token of a ServiceAccount in this namespace is bound to. */
function podOf({ username, extra }: Identity, namespace: string): AgentPod | undefined {
  const [name, uid] = [extra[POD_NAME]?.[0], extra[POD_UID]?.[0]];
  const isOurs = username.startsWith(`system:serviceaccount:${namespace}:`);
  return isOurs && name !== undefined && uid !== undefined ? { name, uid } : undefined;
}

function verbOf({ method, routeOptions }: FastifyRequest): RunVerb {
  if (routeOptions.config.verb !== undefined) return routeOptions.config.verb;
  if (method === 'DELETE') return 'delete';
  if (method !== 'GET' && method !== 'HEAD') return 'update';
  return routeOptions.url?.includes('/:') ? 'get' : 'list';
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?')[0] ?? '';
}
