/** Tells of labelled pods that were left alone by Events on what they belong to, where people look when data is missing. */
import { randomBytes } from 'node:crypto';
import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin } from '../../lib/cluster/api-access.ts';
import type { OwnerFacts } from '../inject/facts.ts';
import type { SkippedPod } from '../webhook/admitter.ts';

const COMPONENT = 'podometer-injector';
const REASON = 'PodometerSkipped';

/** A workload in trouble makes pod after pod: the same is said again only after this. */
const REPEAT_MS = 600_000;
const MOST_REMEMBERED = 10_000;
/** For the whole cluster: so many at once, and then so many a second. */
const BURST = 25;
const PER_SECOND = 1;
const LONGEST_WRITE_MS = 10_000;
/** The API server refuses longer ones. */
const LONGEST_MESSAGE = 1024;

export type EventOutcome = 'sent' | 'held-back' | 'failed';

export interface SkipEventsOptions {
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  readonly onOutcome: (outcome: EventOutcome) => void;
  readonly log: (message: string) => void;
}

export class SkipEvents {
  readonly #options: SkipEventsOptions;
  readonly #core: CoreV1Api;
  /** When each owner was last told each reason, oldest first. */
  readonly #toldMs = new Map<string, number>();
  #credit = BURST;
  #creditMs: number;

  constructor(options: SkipEventsOptions) {
    this.#options = options;
    this.#core = options.cluster.makeApiClient(CoreV1Api);
    this.#creditMs = options.clock.monotonicMs();
  }

  /** Returns at once. A bare pod has no owner and does not exist yet: its maker reads the warning. */
  tell({ request, facts, reason, warning }: SkippedPod): void {
    const owner = facts.owners.at(-1);
    if (owner === undefined) return;
    const { onOutcome, log } = this.#options;
    if (!this.#mayTell(`${owner.uid} ${reason}`)) {
      onOutcome('held-back');
      return;
    }
    this.#send(owner, request.namespace, warning).then(
      () => onOutcome('sent'),
      (error: Error) => {
        onOutcome('failed');
        log(`no Event on ${owner.kind} ${owner.name}: ${error.message.split('\n', 1)[0]}`);
      },
    );
  }

  #mayTell(what: string): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    this.#credit = Math.min(BURST, this.#credit + ((nowMs - this.#creditMs) / 1000) * PER_SECOND);
    this.#creditMs = nowMs;
    const lastMs = this.#toldMs.get(what);
    if (this.#credit < 1 || (lastMs !== undefined && nowMs - lastMs < REPEAT_MS)) return false;
    this.#credit -= 1;
    this.#toldMs.delete(what);
    this.#toldMs.set(what, nowMs);
    const [oldest] = this.#toldMs.keys();
    if (this.#toldMs.size > MOST_REMEMBERED && oldest !== undefined) this.#toldMs.delete(oldest);
    return true;
  }

  #send({ apiVersion, kind, name, uid }: OwnerFacts, namespace: string, message: string): Promise<unknown> {
    const at = new Date(this.#options.clock.wallMs());
    return this.#core.createNamespacedEvent(
      {
        namespace,
        body: {
          metadata: { name: `podometer-skipped.${randomBytes(8).toString('hex')}`, namespace },
          involvedObject: { apiVersion, kind, name, uid, namespace },
          type: 'Warning',
          reason: REASON,
          message: message.slice(0, LONGEST_MESSAGE),
          source: { component: COMPONENT },
          reportingComponent: COMPONENT,
          firstTimestamp: at,
          lastTimestamp: at,
          count: 1,
        },
      },
      answeredWithin(LONGEST_WRITE_MS),
    );
  }
}
