/** Events on what people made, where they look when something is missing: few, and the same not over and over. */
import { randomBytes } from 'node:crypto';
import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin } from '../../lib/cluster/api-access.ts';

const COMPONENT = 'podometer-injector';

/** A workload in trouble makes pod after pod: the same is said again only after this, where nothing else is asked for. */
const REPEAT_MS = 600_000;
const MOST_REMEMBERED = 10_000;
/** For the whole cluster: so many at once, and then so many a second. */
const BURST = 25;
const PER_SECOND = 1;
const LONGEST_WRITE_MS = 10_000;
/** The API server refuses longer ones. */
const LONGEST_MESSAGE = 1024;

export interface ObjectEvent {
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
  };
  readonly namespace: string;
  readonly type: 'Normal' | 'Warning';
  /** One word, for machines. */
  readonly reason: string;
  readonly message: string;
  /** What the same is known by, apart from the object; the reason where it is absent. */
  readonly cause?: string;
  readonly repeatMs?: number;
}

export type EventOutcome = 'sent' | 'held-back' | 'failed';

export interface ObjectEventsOptions {
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  readonly onOutcome: (outcome: EventOutcome) => void;
  readonly log: (message: string) => void;
}

export class ObjectEvents {
  readonly #options: ObjectEventsOptions;
  readonly #core: CoreV1Api;
  /** When each owner was last told each reason, oldest first. */
  readonly #toldMs = new Map<string, number>();
  #credit = BURST;
  #creditMs: number;

  constructor(options: ObjectEventsOptions) {
    this.#options = options;
    this.#core = options.cluster.makeApiClient(CoreV1Api);
    this.#creditMs = options.clock.monotonicMs();
  }

  /** Returns at once. */
  tell(event: ObjectEvent): void {
    const { onOutcome, log } = this.#options;
    const { object, cause = event.reason, repeatMs = REPEAT_MS } = event;
    if (!this.#mayTell(`${object.uid} ${cause}`, repeatMs)) {
      onOutcome('held-back');
      return;
    }
    this.#send(event).then(
      () => onOutcome('sent'),
      (error: Error) => {
        onOutcome('failed');
        log(`no Event on ${object.kind} ${object.name}: ${error.message.split('\n', 1)[0]}`);
      },
    );
  }

  #mayTell(what: string, repeatMs: number): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    this.#credit = Math.min(BURST, this.#credit + ((nowMs - this.#creditMs) / 1000) * PER_SECOND);
    this.#creditMs = nowMs;
    const lastMs = this.#toldMs.get(what);
    if (this.#credit < 1 || (lastMs !== undefined && nowMs - lastMs < repeatMs)) return false;
    this.#credit -= 1;
    this.#toldMs.delete(what);
    this.#toldMs.set(what, nowMs);
    const [oldest] = this.#toldMs.keys();
    if (this.#toldMs.size > MOST_REMEMBERED && oldest !== undefined) this.#toldMs.delete(oldest);
    return true;
  }

  #send({ object, namespace, type, reason, message }: ObjectEvent): Promise<unknown> {
    const { apiVersion, kind, name, uid } = object;
    const at = new Date(this.#options.clock.wallMs());
    return this.#core.createNamespacedEvent(
      {
        namespace,
        body: {
          metadata: { name: `podometer.${randomBytes(8).toString('hex')}`, namespace },
          involvedObject: { apiVersion, kind, name, uid, namespace },
          type,
          reason,
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
