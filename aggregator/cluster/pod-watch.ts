/** The measured pods of the namespace, and those that went. */
import { CoreV1Api } from '@kubernetes/client-node';
import { answeredWithin } from '../../lib/cluster/api-access.ts';
import { pagedList } from '../../lib/cluster/paged-list.ts';
import { ResourceCache } from '../../lib/cluster/resource-cache.ts';
import { PROFILE_LABEL } from '../../protocol/names.ts';
import { type MeasuredPod, measuredPod } from './measured-pod.ts';
import type { NamespaceWatchOptions } from './workload-watch.ts';

const LONGEST_LIST_MS = 30_000;
/** Of a pod that went before its run's first batch came; after a while none comes any more. */
const REMEMBER_GONE_MS = 600_000;
const MOST_GONE = 1000;
/** Only labelled pods are ever given an agent. */
const SELECTOR = `${PROFILE_LABEL}=true`;

/** As of a pod with an agent. */
export type WatchedPod = NonNullable<MeasuredPod['measured']> & { readonly version: string };

/** A pod that is there no more, as it last was. */
export interface GonePod extends WatchedPod {
  /** ms since the Unix epoch. */
  readonly atMs: number;
}

export class PodWatch {
  readonly #options: NamespaceWatchOptions;
  readonly #pods: ResourceCache<MeasuredPod>;
  /** By uid, oldest first. */
  readonly #gone = new Map<string, GonePod>();

  /** Begins to follow at once. */
  constructor(options: NamespaceWatchOptions) {
    const { cluster, namespace } = options;
    const core = cluster.makeApiClient(CoreV1Api);
    const limit = answeredWithin(LONGEST_LIST_MS);
    this.#options = options;
    this.#pods = new ResourceCache({
      ...options,
      path: `/api/v1/namespaces/${namespace}/pods`,
      labelSelector: SELECTOR,
      list: () =>
        pagedList(
          (page) => core.listNamespacedPod({ namespace, labelSelector: SELECTOR, ...page }, limit),
          measuredPod,
        ),
      keep: measuredPod,
      onGone: (pod) => this.#goes(pod),
    });
  }

  /** Whether all that there are were known once. */
  get isSynced(): boolean {
    return this.#pods.isSynced;
  }

  pods(): WatchedPod[] {
    return this.#pods.inNamespace(this.#options.namespace).flatMap((pod) => watched(pod) ?? []);
  }

  /** Those that went and were not forgotten yet. */
  gone(): GonePod[] {
    const oldestMs = this.#options.clock.wallMs() - REMEMBER_GONE_MS;
    for (const [uid, { atMs }] of this.#gone) if (atMs < oldestMs) this.#gone.delete(uid);
    return [...this.#gone.values()];
  }

  forget(uid: string): void {
    this.#gone.delete(uid);
  }

  async close(): Promise<void> {
    await this.#pods.close();
  }

  #goes(pod: MeasuredPod): void {
    const known = watched(pod);
    if (known === undefined) return;
    this.#gone.set(known.pod.uid, { ...known, atMs: this.#options.clock.wallMs() });
    const [oldest] = this.#gone.keys();
    if (this.#gone.size > MOST_GONE && oldest !== undefined) this.#gone.delete(oldest);
  }
}

function watched({ metadata, measured }: MeasuredPod): WatchedPod | undefined {
  return measured && { ...measured, version: metadata?.resourceVersion ?? '' };
}
