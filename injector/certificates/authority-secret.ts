/**
 * The Secret that holds the authority. In mode `self` it is ours: empty at first, filled in by whichever replica comes
 * first, and given a new root well before the old one ends. In the other modes somebody else fills it in.
 */
import { X509Certificate } from 'node:crypto';
import { CoreV1Api, type KubeConfig, type V1Secret } from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin, failureStatus } from '../../lib/cluster/api-access.ts';
import { keyPair } from '../../lib/key-pair-folder.ts';
import { type Authority, certificatesIn, crossSign, makeRoot, type SigningPair } from './authority.ts';
import type { CertificateMode } from './certificate-mode.ts';

const CERTIFICATE = 'tls.crt';
const KEY = 'tls.key';
const BUNDLE = 'ca-bundle.crt';
const CROSS = 'cross.crt';
/** Where the issuer of a given authority stands, as cert-manager writes it. */
const ISSUER = 'ca.crt';

const LONGEST_ANSWER_MS = 10_000;
/** Agents know the roots of the day on which their pod was made. */
const OVERLAP_MS = 2 * 365 * 86_400_000;

export interface AuthoritySecretOptions {
  readonly cluster: KubeConfig;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly namespace: string;
  readonly name: string;
  readonly mode: Exclude<CertificateMode, 'files'>;
}

export class AuthoritySecret {
  readonly #options: AuthoritySecretOptions;
  readonly #api: CoreV1Api;

  constructor(options: AuthoritySecretOptions) {
    this.#options = options;
    this.#api = options.cluster.makeApiClient(CoreV1Api);
  }

  /**
   * As it stands in the cluster. Rejects with a sentence where there is no Secret, or it holds something else than an
   * authority: that is never written over.
   */
  async read(): Promise<Authority> {
    const secret = await this.#read();
    if (this.#options.mode !== 'self') return this.#given(secret);
    const pair = this.#pairIn(secret);
    const nowMs = this.#options.clock.wallMs();
    if (pair !== undefined && endMs(pair) - nowMs > OVERLAP_MS) return ownAuthority(secret, pair);
    return this.#renew(secret, pair, nowMs);
  }

  /** Of two replicas that do this at once one is refused, and reads what the other one wrote. */
  async #renew(secret: V1Secret, old: SigningPair | undefined, nowMs: number): Promise<Authority> {
    const root = await makeRoot(nowMs);
    const isOldGood = old !== undefined && endMs(old) > nowMs;
    const data = {
      [CERTIFICATE]: root.certificate,
      [KEY]: root.key,
      [BUNDLE]: isOldGood ? `${root.certificate}${old.certificate}` : root.certificate,
      ...(isOldGood && { [CROSS]: await crossSign(root.certificate, old) }),
    };
    const { namespace, name } = this.#options;
    const body = {
      ...secret,
      data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, encode(text)])),
    };
    try {
      const limit = answeredWithin(LONGEST_ANSWER_MS);
      const written = await this.#api.replaceNamespacedSecret({ namespace, name, body }, limit);
      return ownAuthority(written, root);
    } catch (error) {
      if (failureStatus(error) !== 409) throw error;
      return this.read();
    }
  }

  async #read(): Promise<V1Secret> {
    const { namespace, name } = this.#options;
    try {
      return await this.#api.readNamespacedSecret({ namespace, name }, answeredWithin(LONGEST_ANSWER_MS));
    } catch (error) {
      if (failureStatus(error) === 404) throw new Error(`there is no Secret ${name} in ${namespace}`);
      throw error;
    }
  }

  #given(secret: V1Secret): Authority {
    const pair = this.#pairIn(secret);
    if (pair === undefined) throw new Error(`Secret ${this.#options.name} has no ${CERTIFICATE} yet`);
    const [own] = certificatesIn(pair.certificate);
    const isRoot = own?.checkIssued(own) ?? false;
    const bundle = isRoot ? pair.certificate : (text(secret, ISSUER) ?? pair.certificate);
    return { ...pair, bundle, chain: isRoot ? '' : pair.certificate };
  }

  /** Undefined where it is empty. */
  #pairIn(secret: V1Secret): SigningPair | undefined {
    const [certificate, key] = [text(secret, CERTIFICATE), text(secret, KEY)];
    const { name } = this.#options;
    if (certificate === undefined && key === undefined) return undefined;
    for (const [field, value] of [
      [CERTIFICATE, certificate],
      [KEY, key],
    ] as const) {
      if (value === undefined) throw new Error(`Secret ${name} has no ${field}`);
    }
    const pair = { certificate: certificate ?? '', key: key ?? '' };
    try {
      keyPair(pair.certificate, pair.key);
    } catch (error) {
      throw new Error(`Secret ${name} holds no key pair: ${(error as Error).message}`, { cause: error });
    }
    if (!new X509Certificate(pair.certificate).ca) {
      throw new Error(`${CERTIFICATE} in Secret ${name} may not sign others: it is no authority`);
    }
    return pair;
  }
}

function ownAuthority(secret: V1Secret, pair: SigningPair): Authority {
  return { ...pair, bundle: text(secret, BUNDLE) ?? pair.certificate, chain: text(secret, CROSS) ?? '' };
}

function endMs({ certificate }: SigningPair): number {
  return new X509Certificate(certificate).validToDate.getTime();
}

function text({ data }: V1Secret, key: string): string | undefined {
  const value = data?.[key];
  return value === undefined || value === '' ? undefined : Buffer.from(value, 'base64').toString();
}

function encode(value: string): string {
  return Buffer.from(value).toString('base64');
}
