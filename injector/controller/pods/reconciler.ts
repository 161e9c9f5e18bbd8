/** Looks at a namespace's labelled pods: which run without the agent, and which may not bear it. */
import type { V1Pod } from '@kubernetes/client-node';
import type { Clock } from '../../../lib/clock.ts';
import type { ObjectEvent } from '../../cluster/object-events.ts';
import type { ClusterFacts } from '../../inject/facts.ts';
import type { InjectSettings } from '../../inject/settings.ts';
import type { FactsSource } from '../../webhook/admitter.ts';
import { firstFailure, firstFailureMessage } from './first-failures.ts';
import {
  hasSlippedThrough,
  mayHaveSlipped,
  type PodsInjected,
  podsInjected,
  slippedMessage,
} from './slipped-through.ts';

export interface PodReconcilerParts {
  readonly clock: Clock;
  readonly settings: InjectSettings;
  readonly facts: FactsSource;
  /** The namespace's labelled pods. */
  readonly pods: (namespace: string) => readonly V1Pod[];
  readonly tell: (event: ObjectEvent) => void;
  /** Of a namespace that was looked at: how many pods run without the agent, for the injector's figures. */
  readonly onCounted: (namespace: string, slipped: number) => void;
}

/** Its owner is told once, and a day later again. */
const REPEAT_MS = 86_400_000;
const LONGEST_GATHER_MS = 10_000;

export class PodReconciler {
  readonly #parts: PodReconcilerParts;

  constructor(parts: PodReconcilerParts) {
    this.#parts = parts;
  }

  /** Answers the namespace's condition; undefined where its rules are not known yet. */
  async reconcile(namespace: string): Promise<PodsInjected | undefined> {
    const { pods, settings, onCounted } = this.#parts;
    const labelled = pods(namespace);
    const slipped: string[] = [];
    for (const pod of labelled.filter(mayHaveSlipped)) {
      const facts = await this.#factsOf(namespace, pod);
      if (facts === undefined) return undefined;
      if (!hasSlippedThrough(pod, facts, settings)) continue;
      slipped.push(nameOf(pod));
      this.#tellSlipped(namespace, pod, facts);
    }
    for (const same of Map.groupBy(labelled, controllerOf).values()) await this.#tellFailure(namespace, same);
    onCounted(namespace, slipped.length);
    return podsInjected(slipped);
  }

  #tellSlipped(namespace: string, pod: V1Pod, { owners }: ClusterFacts): void {
    const owner = owners.at(-1);
    const again =
      owner === undefined
        ? 'Delete it and create it again.'
        : `Delete it, so that its ${owner.kind} makes it anew (kubectl -n ${namespace} delete pod ${nameOf(pod)}).`;
    this.#parts.tell({
      object: owner ?? podRef(pod),
      namespace,
      type: 'Warning',
      reason: 'PodometerSlippedThrough',
      message: slippedMessage(nameOf(pod), again),
      repeatMs: REPEAT_MS,
    });
  }

  /** `pods`: of one controller. */
  async #tellFailure(namespace: string, pods: readonly V1Pod[]): Promise<void> {
    const failure = firstFailure(pods, this.#parts.clock.wallMs());
    const [pod] = pods;
    if (failure === undefined || pod === undefined) return;
    const facts = await this.#factsOf(namespace, pod);
    this.#parts.tell({
      object: facts?.owners.at(-1) ?? podRef(pod),
      namespace,
      type: 'Warning',
      reason: 'PodometerMayBreak',
      message: firstFailureMessage(nameOf(pod), failure),
      repeatMs: REPEAT_MS,
    });
  }

  #factsOf(namespace: string, pod: V1Pod): Promise<ClusterFacts | undefined> {
    const { facts, clock } = this.#parts;
    const uid = pod.metadata?.uid ?? '';
    const request = { uid, operation: 'CREATE', dryRun: true, namespace, pod };
    return facts.gather(request, clock.monotonicMs() + LONGEST_GATHER_MS);
  }
}

function nameOf({ metadata }: V1Pod): string {
  return metadata?.name ?? '';
}

/** A bare pod stands for itself. */
function controllerOf({ metadata }: V1Pod): string {
  const controller = metadata?.ownerReferences?.find((owner) => owner.controller === true);
  return controller?.uid ?? metadata?.uid ?? '';
}

function podRef({ metadata }: V1Pod): ObjectEvent['object'] {
  return { apiVersion: 'v1', kind: 'Pod', name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
}
