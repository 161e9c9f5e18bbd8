/** Writes objects of any kind to the cluster, as the one who owns what it applies, and reads what it needs for that. */
import {
  type CoreV1Event,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from '@kubernetes/client-node';
import { failureStatus } from '../../lib/cluster/api-access.ts';

export const FIELD_MANAGER = 'podometer';
const LONGEST_ANSWER_MS = 30_000;

export interface Named extends KubernetesObject {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export class ClusterWriter {
  readonly #api: KubernetesObjectApi;

  constructor(cluster: KubeConfig) {
    this.#api = KubernetesObjectApi.makeApiClient(cluster);
  }

  /**
   * Server-side apply: fields that others own too become ours, those that we left out are left to them. Nothing changes
   * in the cluster where nothing differs. Rejects with what the API server answers.
   */
  apply<T extends KubernetesObject>(object: T): Promise<T> {
    const force = true;
    return within(
      this.#api.patch(object, undefined, undefined, FIELD_MANAGER, force, PatchStrategy.ServerSideApply),
    );
  }

  create<T extends KubernetesObject>(object: T): Promise<T> {
    return within(this.#api.create(object));
  }

  /** Undefined where there is none. */
  async read<T extends KubernetesObject>(object: Named): Promise<T | undefined> {
    try {
      return (await within(this.#api.read(object))) as T;
    } catch (error) {
      if (failureStatus(error) === 404) return undefined;
      throw error;
    }
  }

  /** Events of the namespace about an object. */
  async eventsOn(namespace: string, kind: string, name: string): Promise<readonly CoreV1Event[]> {
    const fields = selectorOf({ 'involvedObject.kind': kind, 'involvedObject.name': name });
    const none = undefined;
    const listed = await within(
      this.#api.list<CoreV1Event>('v1', 'Event', namespace, none, none, none, fields),
    );
    return listed.items;
  }
}

function selectorOf(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([field, value]) => `${field}=${value}`)
    .join(',');
}

/** The library's generic client takes no time limit. */
async function within<T>(answer: Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => limit.reject(new Error(`the API server did not answer within ${LONGEST_ANSWER_MS / 1000} s`)),
    LONGEST_ANSWER_MS,
  );
  try {
    return await Promise.race([answer, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
