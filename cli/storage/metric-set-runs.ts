/** MetricSets that measure a volume of a StorageClass: made, followed to their end, and deleted again. */
import { randomBytes } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { CoreV1Api, CustomObjectsApi, type KubeConfig } from '@kubernetes/client-node';
import type { Clock } from '../../lib/clock.ts';
import { answeredWithin, failureStatus } from '../../lib/cluster/api-access.ts';
import { PodometerError } from '../../protocol/errors.ts';
import {
  METRIC_SET_API,
  type MetricSetSpec,
  type MetricSetStatus,
  type StorageStatus,
} from '../../protocol/metric-set.ts';
import { METRIC_SET_UID_LABEL } from '../../protocol/names.ts';
import { apiFailure } from '../cluster/api-failure.ts';
import { ANSWER_MS } from '../cluster/api-read.ts';

/** A controller answers within moments; so long without a word, there is none. */
const SILENT_MS = 60_000;
/** The API server may be away for a while without the measuring being lost. */
const AWAY_MS = 60_000;

export interface MetricSetRunParts {
  readonly config: KubeConfig;
  readonly clock: Clock;
  readonly namespace: string;
  readonly everyMs: number;
}

export interface MadeMetricSet {
  readonly name: string;
  readonly uid: string;
}

interface MetricSetObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly generation?: number };
  readonly status?: MetricSetStatus;
}

export class MetricSetRuns {
  readonly #parts: MetricSetRunParts;
  readonly #api: CustomObjectsApi;
  readonly #core: CoreV1Api;

  constructor(parts: MetricSetRunParts) {
    this.#parts = parts;
    this.#api = parts.config.makeApiClient(CustomObjectsApi);
    this.#core = parts.config.makeApiClient(CoreV1Api);
  }

  /** Throws PODO_CLUSTER_…. */
  async create(storageClass: string, spec: MetricSetSpec): Promise<MadeMetricSet> {
    const { group, version, kind } = METRIC_SET_API;
    const end = randomBytes(3).toString('hex');
    const name = `storage-${storageClass.slice(0, 40).replace(/[^a-z0-9]+$/, '')}-${end}`;
    const body = {
      apiVersion: `${group}/${version}`,
      kind,
      metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'podometer-cli' } },
      spec,
    };
    try {
      const { metadata }: MetricSetObject = await this.#api.createNamespacedCustomObject(
        { ...this.#place, body },
        answeredWithin(ANSWER_MS),
      );
      return { name, uid: metadata.uid };
    } catch (error) {
      throw apiFailure(`MetricSet ${this.#parts.namespace}/${name}`, error, (status) =>
        status === 404
          ? 'Check the namespace, and that Podometer is installed in the cluster: podometer status.'
          : 'Ask for the right to create metricsets.podometer.dev there, or mend what it says.',
      );
    }
  }

  /**
   * Resolves when all of its runs are done. `seen` is told what it says meanwhile. Throws PODO_TOOL_FAILED, PODO_CONTROLLER_SILENT,
   * PODO_BAD_REQUEST where it is not valid, PODO_CLUSTER_…, and the reason of `stop`.
   */
  async follow(
    { name }: MadeMetricSet,
    seen: (status: StorageStatus) => void,
    stop: AbortSignal,
  ): Promise<StorageStatus> {
    const { clock, everyMs } = this.#parts;
    const beganMs = clock.monotonicMs();
    for (let heardMs = beganMs; ; await after(everyMs, undefined, { signal: stop })) {
      const object = await this.#read(name, clock.monotonicMs() - heardMs);
      if (object === undefined) continue;
      heardMs = clock.monotonicMs();
      const { status = {} } = object;
      refuseInvalid(status);
      const { storage = {} } = status;
      const isOfSpec = storage.observedGeneration === object.metadata.generation;
      if (isOfSpec && storage.phase === 'Failed') throw toolFailed(name, storage);
      if (isOfSpec && storage.phase === 'Succeeded' && (storage.measured ?? 0) >= (storage.runs ?? 1)) {
        return storage;
      }
      if (status.observedGeneration === undefined && heardMs - beganMs > SILENT_MS) throw silent(name);
      seen(storage);
    }
  }

  /** Its Jobs and the claims that are not kept go with it. */
  async remove({ name }: MadeMetricSet): Promise<void> {
    await this.#delete('metricset', name, () =>
      this.#api.deleteNamespacedCustomObject({ ...this.#place, name }, answeredWithin(ANSWER_MS)),
    );
  }

  /** Also the claims that would stay. */
  async removeWithClaims(made: MadeMetricSet): Promise<void> {
    await this.remove(made);
    const { namespace } = this.#parts;
    const labelSelector = `${METRIC_SET_UID_LABEL}=${made.uid}`;
    const { items } = await this.#core
      .listNamespacedPersistentVolumeClaim({ namespace, labelSelector }, answeredWithin(ANSWER_MS))
      .catch((error: unknown) => {
        const mend = `They are still there: kubectl delete pvc -n ${namespace} -l ${labelSelector}.`;
        throw apiFailure(`the claims of MetricSet ${namespace}/${made.name}`, error, () => mend);
      });
    for (const { metadata } of items) {
      const name = metadata?.name ?? '';
      await this.#delete('pvc', name, () =>
        this.#core.deleteNamespacedPersistentVolumeClaim({ namespace, name }, answeredWithin(ANSWER_MS)),
      );
    }
  }

  async #delete(kind: 'metricset' | 'pvc', name: string, call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
    } catch (error) {
      if (failureStatus(error) === 404) return;
      const { namespace } = this.#parts;
      throw apiFailure(
        `to delete ${kind} ${namespace}/${name}`,
        error,
        () => `It is still there: kubectl delete ${kind} -n ${namespace} ${name}.`,
      );
    }
  }

  get #place() {
    const { group, version, plural } = METRIC_SET_API;
    return { group, version, plural, namespace: this.#parts.namespace };
  }

  /** Undefined where the API server does not answer, as long as `awayMs` is bearable. */
  async #read(name: string, awayMs: number): Promise<MetricSetObject | undefined> {
    try {
      return await this.#api.getNamespacedCustomObject({ ...this.#place, name }, answeredWithin(ANSWER_MS));
    } catch (error) {
      const status = failureStatus(error) ?? 503;
      if ((status >= 500 || status === 429) && awayMs < AWAY_MS) return undefined;
      throw apiFailure(`MetricSet ${this.#parts.namespace}/${name}`, error, (code) =>
        code === 404
          ? 'Somebody deleted it; begin again.'
          : 'Ask for the right to get metricsets.podometer.dev.',
      );
    }
  }
}

function refuseInvalid({ conditions = [] }: MetricSetStatus): void {
  const invalid = conditions.find(({ type, status }) => type === 'Valid' && status === 'False');
  if (invalid === undefined) return;
  throw new PodometerError(
    'PODO_BAD_REQUEST',
    `The MetricSet is not valid: ${invalid.message}`,
    'Change the options that it names.',
  );
}

function toolFailed(name: string, { message, run }: StorageStatus): PodometerError {
  return new PodometerError(
    'PODO_TOOL_FAILED',
    `The run of MetricSet ${name} failed: ${message ?? 'it does not say why'}`,
    run === undefined
      ? 'Try it with --keep, and look at the MetricSet: kubectl describe metricset.'
      : `podometer show ${run} tells what was measured; with --keep the MetricSet stays to be looked at.`,
  );
}

function silent(name: string): PodometerError {
  return new PodometerError(
    'PODO_CONTROLLER_SILENT',
    `Nothing has looked at MetricSet ${name} for ${SILENT_MS / 1000} s`,
    'The controller of Podometer may not run: podometer status tells.',
  );
}
