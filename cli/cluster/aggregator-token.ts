/**
 * The token that an aggregator is asked with: the one that the kubeconfig's user brings to the API server (a bearer token, or what an
 * exec plugin or OIDC gives), else one that is made for a ServiceAccount of the namespace: who authenticates by a client
 * certificate has none to pass on.
 */
import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin, failureStatus } from '../../lib/cluster/api-access.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { AGGREGATOR_NAME } from '../../protocol/names.ts';
import { statusMessage } from './api-failure.ts';

const ASK_MS = 15_000;
const LIFE_SECONDS = 3600;
/** Of its life, after which a new one is made. */
const RENEW_AFTER = 0.8;

export interface AggregatorTokenOptions {
  readonly config: KubeConfig;
  readonly namespace: string;
  /** Undefined: the user's own token, where there is one. */
  readonly serviceAccount: string | undefined;
  readonly clock: Clock;
}

export class AggregatorToken {
  readonly #options: AggregatorTokenOptions;
  #made: { readonly token: string; readonly renewAtMs: number } | undefined;

  constructor(options: AggregatorTokenOptions) {
    this.#options = options;
  }

  /** Asked for anew before each request: plugins renew theirs by themselves. Throws PODO_NO_TOKEN. */
  async read(): Promise<string> {
    const { serviceAccount } = this.#options;
    const own = serviceAccount === undefined ? await this.#own() : undefined;
    return own ?? (await this.#ofServiceAccount(serviceAccount));
  }

  async #own(): Promise<string | undefined> {
    const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {};
    try {
      await this.#options.config.applyToHTTPSOptions(options);
    } catch (cause) {
      throw new PodometerError(
        'PODO_NO_TOKEN',
        `The kubeconfig's user cannot be authenticated: ${cause instanceof Error ? cause.message : cause}`,
        'Log in again as for kubectl.',
        { cause },
      );
    }
    const headers = (options.headers ?? {}) as Readonly<Record<string, string>>;
    return /^Bearer +(.+)$/i.exec(headers.Authorization ?? '')?.[1];
  }

  async #ofServiceAccount(asked: string | undefined): Promise<string> {
    const { config, namespace, clock } = this.#options;
    if (this.#made !== undefined && clock.monotonicMs() < this.#made.renewAtMs) return this.#made.token;
    const name = asked ?? AGGREGATOR_NAME;
    try {
      const { status } = await config
        .makeApiClient(CoreV1Api)
        .createNamespacedServiceAccountToken(
          { name, namespace, body: { spec: { audiences: [], expirationSeconds: LIFE_SECONDS } } },
          answeredWithin(ASK_MS),
        );
      const token = status?.token ?? '';
      this.#made = { token, renewAtMs: clock.monotonicMs() + RENEW_AFTER * LIFE_SECONDS * 1000 };
      return token;
    } catch (error) {
      throw noToken(`${namespace}/${name}`, asked === undefined, error);
    }
  }
}

/** `isStandIn`: nobody asked for this ServiceAccount by name. */
function noToken(account: string, isStandIn: boolean, error: unknown): PodometerError {
  const why = [failureStatus(error), statusMessage(error)].filter(Boolean).join(' ');
  const sentence = `No token for ServiceAccount ${account} can be made: ${why || 'the cluster does not answer'}`;
  return new PodometerError(
    'PODO_NO_TOKEN',
    isStandIn
      ? `The kubeconfig's user has no token that could be passed on (a client certificate cannot be). ${sentence}`
      : sentence,
    isStandIn
      ? 'Use a user with a token, name an account that may read runs with --service-account, or ask for the right to create serviceaccounts/token.'
      : 'Name an account that there is, and ask for the right to create serviceaccounts/token in that namespace.',
    { cause: error },
  );
}
