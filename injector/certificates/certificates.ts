/** The certificates of an installation, kept in order for as long as the injector runs. */
import { X509Certificate } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { KubeConfig, V1Secret } from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import type { KeyPair } from '../../lib/key-pair-folder.ts';
import { AGGREGATOR_NAME } from '../../protocol/names.ts';
import type { AggregatorCertificates } from '../controller/aggregators.ts';
import { ClusterWriter } from '../controller/cluster-writer.ts';
import { metadataIn, TLS_SECRET } from '../controller/objects/names.ts';
import { type Authority, isDue, issue, leadsTo } from './authority.ts';
import { AuthoritySecret } from './authority-secret.ts';
import type { CertificateMode } from './certificate-mode.ts';
import { WebhookTrust } from './webhook-trust.ts';

const EVERY_MS = 10_000;
/** Until everything was in order once. */
const FIRST_EVERY_MS = 1000;

export interface CertificatesOptions {
  readonly cluster: KubeConfig;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly mode: Exclude<CertificateMode, 'files'>;
  /** Where the injector, its Service and the authority's Secret are. */
  readonly namespace: string;
  readonly secret: string;
  readonly service: string;
  readonly webhookConfiguration: string;
  /** Called with each pair that the webhook is to serve from then on. */
  readonly onPair: (pair: KeyPair) => void;
  readonly log: (message: string) => void;
  readonly stop: AbortSignal;
  readonly everyMs?: number;
}

export class Certificates implements AggregatorCertificates {
  readonly #options: CertificatesOptions;
  readonly #authorities: AuthoritySecret;
  readonly #trust: WebhookTrust;
  readonly #writer: ClusterWriter;
  #authority: Authority | undefined;
  #pair: KeyPair | undefined;
  #fault: string | undefined = 'the certificates were not looked at yet';

  constructor(options: CertificatesOptions) {
    const { cluster, secret: name, webhookConfiguration } = options;
    this.#options = options;
    this.#authorities = new AuthoritySecret({ ...options, name });
    this.#trust = new WebhookTrust(cluster, webhookConfiguration);
    this.#writer = new ClusterWriter(cluster);
  }

  /** The roots that agents are told to trust; undefined until they are known. */
  get bundle(): string | undefined {
    return this.#authority?.bundle;
  }

  /** Why the API server cannot call the webhook yet. */
  missing(): string[] {
    return this.#fault === undefined ? [] : [this.#fault];
  }

  /** Keeps everything in order until it is stopped. */
  async run(): Promise<void> {
    const { stop, everyMs } = this.#options;
    while (!stop.aborted) {
      await this.#turn();
      const ms = everyMs ?? (this.#fault === undefined ? EVERY_MS : FIRST_EVERY_MS);
      await after(ms, undefined, { signal: stop, ref: false }).catch(() => {});
    }
  }

  async ensure(namespace: string): Promise<{ endMs: number; authorities: string }> {
    const authority = this.#authority ?? (await this.#authorities.read());
    const place = { apiVersion: 'v1', kind: 'Secret', metadata: metadataIn(namespace, TLS_SECRET) };
    const found = await this.#writer.read<V1Secret>(place as never);
    const known = keptPair(found, authority, this.#options.clock.wallMs());
    if (known !== undefined) return { endMs: known, authorities: authority.bundle };
    const names = namesOf(AGGREGATOR_NAME, namespace);
    const { certificate, key, endMs } = await issue(authority, names, this.#options.clock.wallMs());
    const data = {
      'tls.crt': encode(certificate),
      'tls.key': encode(key),
      'ca.crt': encode(authority.bundle),
    };
    await this.#writer.apply<V1Secret>({ ...place, type: 'kubernetes.io/tls', data });
    return { endMs, authorities: authority.bundle };
  }

  async #turn(): Promise<void> {
    const { mode, webhookConfiguration, log } = this.#options;
    try {
      this.#authority = await this.#authorities.read();
      const chain = await this.#serve(this.#authority);
      if (mode === 'self') await this.#trust.write(this.#authority.bundle);
      const isTrusted = await this.#trust.trusts(chain);
      this.#tell(
        isTrusted ? undefined : `the caBundle of ${webhookConfiguration} does not hold our authority`,
      );
    } catch (error) {
      // What was in order stays so while the API server is away.
      const message = (error as Error).message.split('\n', 1)[0] ?? '';
      if (this.#fault === undefined) log(`the certificates cannot be looked at: ${message}`);
      else this.#tell(message);
    }
  }

  #tell(fault: string | undefined): void {
    if (fault !== undefined && fault !== this.#fault) this.#options.log(fault);
    this.#fault = fault;
  }

  /** The chain that the webhook serves. */
  async #serve(authority: Authority): Promise<string> {
    const { clock, service, namespace, onPair } = this.#options;
    const nowMs = clock.wallMs();
    const last = this.#pair;
    if (last !== undefined && !isDue(new X509Certificate(last.certificate), nowMs)) {
      if (leadsTo(last.certificate, authority.certificate)) return last.certificate;
    }
    this.#pair = await issue(authority, namesOf(service, namespace), nowMs);
    onPair(this.#pair);
    return this.#pair.certificate;
  }
}

/** A Service's names, the one that is asked for first. */
export function namesOf(service: string, namespace: string): string[] {
  const name = `${service}.${namespace}.svc`;
  return [name, `${name}.cluster.local`, `${service}.${namespace}`, service, 'localhost'];
}

/** The end of the pair that the Secret holds; undefined where another one is needed. */
function keptPair(found: V1Secret | undefined, authority: Authority, nowMs: number): number | undefined {
  const text = (key: string): string => Buffer.from(found?.data?.[key] ?? '', 'base64').toString();
  try {
    const leaf = new X509Certificate(text('tls.crt'));
    const isGood =
      !isDue(leaf, nowMs) &&
      leadsTo(text('tls.crt'), authority.certificate) &&
      text('tls.crt').endsWith(authority.chain) &&
      text('ca.crt') === authority.bundle &&
      text('tls.key') !== '';
    return isGood ? leaf.validToDate.getTime() : undefined;
  } catch {
    return undefined;
  }
}

function encode(value: string): string {
  return Buffer.from(value).toString('base64');
}
