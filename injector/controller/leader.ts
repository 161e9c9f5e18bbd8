/** Of several replicas, the one that holds a Lease leads. */
import { setTimeout as after } from 'node:timers/promises';
import { CoordinationV1Api, type KubeConfig, type V1Lease, V1MicroTime } from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin, failureStatus } from '../../lib/cluster/api-access.ts';

/** How long a Lease holds that is not renewed; the holder stops some seconds before. */
const HOLDS_S = 15;
const GIVES_UP_MS = 10_000;
const EVERY_MS = 2000;
const LONGEST_ANSWER_MS = 5000;

export interface LeaderOptions {
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  readonly namespace: string;
  readonly lease: string;
  readonly identity: string;
  /** Called when this replica begins to lead; `ended` is aborted when it does no longer, and then it has to end. */
  readonly lead: (ended: AbortSignal) => Promise<void>;
  readonly log: (message: string) => void;
  readonly stop: AbortSignal;
  readonly everyMs?: number;
}

/** Takes part until it is stopped; gives the Lease back then, so that another replica need not wait. */
export async function takePart(options: LeaderOptions): Promise<void> {
  const candidate = new Candidate(options);
  const { stop, everyMs = EVERY_MS } = options;
  while (!stop.aborted) {
    await candidate.turn();
    await after(everyMs, undefined, { signal: stop, ref: false }).catch(() => {});
  }
  await candidate.resign();
}

class Candidate {
  readonly #options: LeaderOptions;
  readonly #api: CoordinationV1Api;
  /** The Lease as it was last seen to change, by this machine's clock: others' clocks may be wrong. */
  #seen: { readonly renewed: string; readonly atMs: number } = { renewed: '', atMs: 0 };
  #renewedMs = 0;
  #leading: { readonly end: AbortController; readonly work: Promise<void> } | undefined;

  constructor(options: LeaderOptions) {
    this.#options = options;
    this.#api = options.cluster.makeApiClient(CoordinationV1Api);
  }

  async turn(): Promise<void> {
    const { clock, identity, log } = this.#options;
    const atMs = clock.monotonicMs();
    try {
      if (await this.#hold()) {
        this.#renewedMs = atMs;
        this.#begin();
        return;
      }
      await this.#end(`another replica holds the Lease`);
    } catch (error) {
      if (failureStatus(error) !== 409) log(`the Lease cannot be renewed: ${firstLine(error)}`);
      if (clock.monotonicMs() - this.#renewedMs > GIVES_UP_MS)
        await this.#end(`${identity} could not renew it`);
    }
  }

  async resign(): Promise<void> {
    if (this.#leading === undefined) return;
    await this.#end('told to stop');
    const { namespace, lease, identity, log } = this.#options;
    try {
      const held = await this.#api.readNamespacedLease(
        { namespace, name: lease },
        answeredWithin(LONGEST_ANSWER_MS),
      );
      if (held.spec?.holderIdentity !== identity) return;
      const { holderIdentity: _, ...spec } = held.spec;
      await this.#replace({ ...held, spec });
    } catch (error) {
      log(`the Lease is not given back: ${firstLine(error)}`);
    }
  }

  /** Whether this replica holds the Lease now. Throws what the API server answers. */
  async #hold(): Promise<boolean> {
    const { clock, namespace, lease, identity } = this.#options;
    const held = await this.#read();
    const now = new V1MicroTime(clock.wallMs());
    if (held === undefined) {
      const spec = {
        holderIdentity: identity,
        leaseDurationSeconds: HOLDS_S,
        acquireTime: now,
        renewTime: now,
      };
      const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: lease }, spec };
      await this.#api.createNamespacedLease({ namespace, body }, answeredWithin(LONGEST_ANSWER_MS));
      return true;
    }
    const { holderIdentity = '', leaseTransitions = 0, ...spec } = held.spec ?? {};
    const isOwn = holderIdentity === identity;
    if (!isOwn && holderIdentity !== '' && !this.#isExpired(held)) return false;
    await this.#replace({
      ...held,
      spec: {
        ...spec,
        holderIdentity: identity,
        leaseDurationSeconds: HOLDS_S,
        renewTime: now,
        ...(!isOwn && { acquireTime: now }),
        leaseTransitions: isOwn ? leaseTransitions : leaseTransitions + 1,
      },
    });
    return true;
  }

  #isExpired({ spec }: V1Lease): boolean {
    const atMs = this.#options.clock.monotonicMs();
    const renewed = `${spec?.holderIdentity} ${String(spec?.renewTime)}`;
    if (renewed !== this.#seen.renewed) this.#seen = { renewed, atMs };
    return atMs - this.#seen.atMs > (spec?.leaseDurationSeconds ?? HOLDS_S) * 1000;
  }

  async #read(): Promise<V1Lease | undefined> {
    const { namespace, lease: name } = this.#options;
    try {
      return await this.#api.readNamespacedLease({ namespace, name }, answeredWithin(LONGEST_ANSWER_MS));
    } catch (error) {
      if (failureStatus(error) === 404) return undefined;
      throw error;
    }
  }

  /** Rejects with 409 where somebody was faster. */
  #replace(body: V1Lease): Promise<V1Lease> {
    const { namespace, lease: name } = this.#options;
    return this.#api.replaceNamespacedLease({ namespace, name, body }, answeredWithin(LONGEST_ANSWER_MS));
  }

  #begin(): void {
    if (this.#leading !== undefined) return;
    const { lead, log, identity } = this.#options;
    log(`${identity} leads`);
    const end = new AbortController();
    const work = lead(end.signal).catch((error) => log(`the controller ended: ${firstLine(error)}`));
    this.#leading = { end, work };
  }

  async #end(reason: string): Promise<void> {
    if (this.#leading === undefined) return;
    const { end, work } = this.#leading;
    this.#leading = undefined;
    this.#options.log(`leads no longer: ${reason}`);
    end.abort();
    await work;
  }
}

function firstLine(error: unknown): string {
  return (error as Error).message.split('\n', 1)[0] ?? '';
}
