/** Follows the cluster while it leads: keeps aggregators, brings MetricSets about, and looks for pods without an agent. */
import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { failureStatus, retryAfterMs } from '../../lib/cluster/api-access.ts';
import { stopped } from '../../lib/stopped.ts';
import { AGGREGATOR_NAME, ENABLED_LABEL } from '../../protocol/names.ts';
import { byAge, metricSetFacts } from '../cluster/metric-set-facts.ts';
import type { ObjectEvent } from '../cluster/object-events.ts';
import { takesPart } from '../inject/decide.ts';
import type { NamespaceFacts } from '../inject/facts.ts';
import type { InjectSettings } from '../inject/settings.ts';
import type { FactsSource } from '../webhook/admitter.ts';
import { type AggregatorCertificates, Aggregators } from './aggregators.ts';
import { ClusterWriter } from './cluster-writer.ts';
import { isReady } from './conditions.ts';
import { MetricSetReconciler } from './metric-sets/reconciler.ts';
import type { PodImage } from './metric-sets/storage-pod.ts';
import { PodReconciler } from './pods/reconciler.ts';
import type { AggregatorSettings } from './settings.ts';
import { WatchedCluster } from './watched-cluster.ts';
import { WatchedParts } from './watched-parts.ts';
import { WorkQueue } from './work-queue.ts';

/** What is not followed (a ClusterRoleBinding) is put right after this at the latest; certificates are looked at. */
const RESYNC_MS = 600_000;
/** How often it is asked whether everything was listed once. */
const LOOK_MS = 100;
/** How soon a namespace is looked at again whose rules were not known yet. */
const UNKNOWN_RETRY_MS = 5000;
/** How soon one whose aggregator is not ready: what is in its way shows in its pod and in Events, which nobody follows. */
const UNREADY_RETRY_MS = 15_000;
const LONGEST_GATHER_MS = 5000;

export interface ControllerOptions {
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  /** By which pods are given agents. */
  readonly inject: InjectSettings;
  readonly facts: FactsSource;
  readonly aggregators: AggregatorSettings;
  /** That the pods of storage metrics run. */
  readonly image: PodImage;
  readonly certificates: AggregatorCertificates | undefined;
  /** Of Podometer. */
  readonly version: string;
  /** Writes an Event on what is named. */
  readonly tell: (event: ObjectEvent) => void;
  /** How many labelled pods of a namespace run without the agent though they could have it. */
  readonly onSlipped: (namespace: string, count: number) => void;
  readonly log: (message: string) => void;
  readonly resyncMs?: number;
  readonly firstRetryMs?: number;
  readonly unreadyRetryMs?: number;
}

/** Works until `ended` is aborted. */
export async function runController(options: ControllerOptions, ended: AbortSignal): Promise<void> {
  const controller = new Controller(options);
  await stopped(ended);
  await controller.close();
}

class Controller {
  readonly #options: ControllerOptions;
  readonly #watched: WatchedCluster;
  readonly #parts: WatchedParts;
  readonly #aggregators: Aggregators;
  readonly #pods: PodReconciler;
  readonly #metricSets: MetricSetReconciler;
  /** By name. */
  readonly #namespaceQueue: WorkQueue;
  /** `NAMESPACE/NAME` */
  readonly #metricSetQueue: WorkQueue;
  readonly #resync: NodeJS.Timeout;
  readonly #start: NodeJS.Timeout;
  /** Namespaces whose objects somebody may have changed, so that they are applied although nothing new is wanted. */
  readonly #suspect = new Set<string>();
  #isReady = false;

  constructor(options: ControllerOptions) {
    const { cluster, tell, onSlipped, resyncMs = RESYNC_MS } = options;
    this.#options = options;
    const pods = (namespace: string) => this.#watched.pods.inNamespace(namespace);
    const metricSets = (namespace: string) =>
      this.#watched.metricSets.inNamespace(namespace).toSorted(byAge).map(metricSetFacts);
    const writer = new ClusterWriter(cluster);
    this.#aggregators = new Aggregators({ ...options, settings: options.aggregators, writer });
    this.#pods = new PodReconciler({ ...options, settings: options.inject, pods, onCounted: onSlipped });
    this.#metricSets = new MetricSetReconciler({ ...options, pods, metricSets, tell });
    this.#namespaceQueue = this.#queue('the aggregator of', (name) => this.#workOnNamespace(name));
    this.#metricSetQueue = this.#queue('MetricSet', (key) => this.#workOnMetricSet(key));
    const addWithMetricSets = (namespace: string): void => {
      this.#namespaceQueue.add(namespace);
      this.#addMetricSets(namespace);
    };
    const suspect = (namespace: string): void => {
      this.#suspect.add(namespace);
      this.#namespaceQueue.add(namespace);
    };
    this.#parts = new WatchedParts(options, suspect);
    this.#watched = new WatchedCluster(options, {
      onNamespace: (name) => this.#namespaceQueue.add(name),
      onPod: addWithMetricSets,
      onMetricSet: addWithMetricSets,
      onMade: (namespace, uid) => this.#addMetricSets(namespace, uid),
      onStatefulSet: suspect,
      onClass: () => this.#addAll(),
    });
    this.#resync = setInterval(() => {
      for (const name of this.#namespaces()) this.#suspect.add(name);
      this.#addAll();
    }, resyncMs).unref();
    this.#start = setInterval(() => this.#begin(), LOOK_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#resync);
    clearInterval(this.#start);
    await Promise.all([this.#watched.close(), this.#parts.close()]);
    await Promise.all([this.#namespaceQueue.close(), this.#metricSetQueue.close()]);
    // Who leads next counts them.
    for (const name of this.#namespaces()) this.#options.onSlipped(name, 0);
  }

  #queue(what: string, work: (key: string) => Promise<number | undefined>): WorkQueue {
    const { log, firstRetryMs } = this.#options;
    return new WorkQueue({
      work: async (key) => (this.#isReady ? work(key) : undefined),
      failed: (key, error, retryMs) => {
        const reason = (error as Error).message.split('\n', 1)[0];
        log(`${what} ${key} is not as it should be: ${reason}; again in ${retryMs / 1000} s`);
        return retryAfterMs(error);
      },
      ...(firstRetryMs !== undefined && { firstRetryMs, restMs: firstRetryMs }),
    });
  }

  #begin(): void {
    if (!this.#watched.isSynced) return;
    clearInterval(this.#start);
    this.#isReady = true;
    this.#addAll();
  }

  #namespaces(): string[] {
    return this.#watched.namespaces.all().map(({ metadata }) => metadata?.name ?? '');
  }

  #addAll(): void {
    for (const name of this.#namespaces()) {
      this.#namespaceQueue.add(name);
      this.#addMetricSets(name);
    }
  }

  /** Those of the namespace, or the one with this uid. */
  #addMetricSets(namespace: string, uid?: string): void {
    for (const { metadata } of this.#watched.metricSets.inNamespace(namespace)) {
      if (uid === undefined || metadata?.uid === uid)
        this.#metricSetQueue.add(`${namespace}/${metadata?.name}`);
    }
  }

  #takesPart(name: string): boolean {
    const { inject } = this.#options;
    const labels = this.#watched.namespaces.get(name)?.metadata?.labels ?? {};
    return takesPart({ name, labels }, inject);
  }

  /** Answers when it is to be looked at again. */
  async #workOnNamespace(name: string): Promise<number | undefined> {
    const { namespaces, pods, metricSets, statefulSets, classes } = this.#watched;
    const namespace = namespaces.get(name);
    if (namespace === undefined || namespace.metadata?.deletionTimestamp !== undefined) {
      this.#options.onSlipped(name, 0);
      return undefined;
    }
    const statefulSet = statefulSets.get(AGGREGATOR_NAME, name);
    // One that is enabled by name has it before its first pod, of which nothing is lost then.
    const isEnabled = namespace.metadata?.labels?.[ENABLED_LABEL] === 'true';
    const hasWork = isEnabled || pods.inNamespace(name).length > 0 || metricSets.inNamespace(name).length > 0;
    const isWanted = hasWork && this.#takesPart(name);
    // One that is there belongs to its namespace, whoever else is gone.
    if (!isWanted && statefulSet === undefined) return undefined;
    const podsInjected = await this.#pods.reconcile(name);
    const isSuspect = this.#suspect.delete(name);
    const all = classes.all();
    const rules = await this.#rulesOf(name);
    await this.#aggregators.reconcile({
      namespace,
      podsInjected,
      statefulSet,
      rules,
      classes: all,
      isSuspect,
    });
    if (podsInjected === undefined || rules === undefined) return UNKNOWN_RETRY_MS;
    return isReady(statefulSet) ? undefined : (this.#options.unreadyRetryMs ?? UNREADY_RETRY_MS);
  }

  /** Undefined: not known yet. */
  async #rulesOf(namespace: string): Promise<NamespaceFacts | undefined> {
    const { facts, clock } = this.#options;
    const pod = { metadata: { namespace }, spec: { containers: [] } };
    const request = { uid: namespace, operation: 'CREATE', dryRun: true, namespace, pod };
    return (await facts.gather(request, clock.monotonicMs() + LONGEST_GATHER_MS))?.namespace;
  }

  /** Answers when it is to be looked at again. */
  async #workOnMetricSet(key: string): Promise<number | undefined> {
    const [namespace = '', name = ''] = key.split('/');
    if (!this.#takesPart(namespace)) return undefined;
    try {
      const { againInMs } = await this.#metricSets.reconcile(namespace, name);
      return againInMs;
    } catch (error) {
      // Somebody was faster.
      if (failureStatus(error) === 409) return 0;
      throw error;
    }
  }
}
