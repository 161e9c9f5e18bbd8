/** Objects of one resource, followed by list and watch for as long as the process lives. */
import {
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  ListWatch,
} from '@kubernetes/client-node';
import type { Clock } from '../clock.ts';
import { failureStatus, retryAfterMs } from './api-access.ts';
import { GuardedWatch } from './guarded-watch.ts';

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
/** An optional resource that is not there is looked for this often. */
const ABSENT_RETRY_MS = 30_000;

const VERBS = ['add', 'update', 'delete'] as const;

export interface ResourceCacheOptions<T extends KubernetesObject> {
  readonly cluster: KubeConfig;
  readonly clock: Clock;
  /** Of all namespaces: `/api/v1/limitranges`; of one: `/api/v1/namespaces/team/pods`. */
  readonly path: string;
  /** Only these are watched; `list` asks for the same. */
  readonly labelSelector?: string;
  /** The same of fields: `metadata.name=podometer`. */
  readonly fieldSelector?: string;
  readonly list: () => Promise<KubernetesListObject<T>>;
  /** What is kept of an object that a watch brings; `list` gives no more. Its metadata stays. Default: all of it. */
  readonly keep?: (object: T) => T;
  /** Told of each object that came, changed or went. */
  readonly onChange?: (object: T) => void;
  /** Told of an object that is there no more, as it was last seen. */
  readonly onGone?: (object: T) => void;
  /** Whether the resource may be unknown to the API server, as one of a CRD that is not installed; it is empty then. */
  readonly mayBeAbsent?: boolean;
  readonly log: (message: string) => void;
  readonly firstRetryMs?: number;
}

export class ResourceCache<T extends KubernetesObject> {
  readonly #options: ResourceCacheOptions<T>;
  readonly #watch: GuardedWatch<T>;
  readonly #objects: ListWatch<T>;
  #isSynced = false;
  #isClosed = false;
  #retryMs: number;
  #failedAtMs = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: ResourceCacheOptions<T>) {
    this.#options = options;
    this.#retryMs = options.firstRetryMs ?? FIRST_RETRY_MS;
    this.#watch = new GuardedWatch(options.cluster, options.keep);
    // Bookmarks keep a quiet resource's version young, so that a reconnect need not list again.
    const { fieldSelector } = options;
    const fields = fieldSelector === undefined ? '' : `&fieldSelector=${encodeURIComponent(fieldSelector)}`;
    const path = `${options.path}?allowWatchBookmarks=true${fields}`;
    this.#objects = new ListWatch(path, this.#watch, options.list, false, options.labelSelector);
    const { onChange } = options;
    if (onChange !== undefined) for (const verb of VERBS) this.#objects.on(verb, onChange);
    this.#objects.on('error', (error) => this.#failed(error));
    if (options.onGone !== undefined) this.#objects.on('delete', options.onGone);
    void this.#objects.start();
  }

  /** Whether every object was known once. What is known stays while the API server is away. */
  get isSynced(): boolean {
    this.#isSynced ||= this.#objects.latestResourceVersion() !== '';
    return this.#isSynced;
  }

  /** Objects come as the watch or the list brought them: see the callers for where these differ. */
  inNamespace(namespace: string): readonly T[] {
    return this.#objects.list(namespace);
  }

  /** Of every namespace. */
  all(): readonly T[] {
    return this.#objects.list();
  }

  /** An object of a resource that belongs to no namespace, where none is named. */
  get(name: string, namespace?: string): T | undefined {
    return this.#objects.get(name, namespace);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#watch.stop();
    await this.#objects.stop();
  }

  #failed(error: unknown): void {
    if (this.#isClosed) return;
    const { path, mayBeAbsent = false, log } = this.#options;
    if (mayBeAbsent && failureStatus(error) === 404) {
      this.#isSynced = true;
      this.#startAfter(ABSENT_RETRY_MS);
      return;
    }
    log(`${path} cannot be followed: ${(error as Error).message.split('\n', 1)[0]}`);
    this.#startAfter(Math.max(this.#nextRetryMs(), retryAfterMs(error)));
  }

  #startAfter(ms: number): void {
    this.#retry = setTimeout(() => void this.#objects.start(), ms);
  }

  /** Doubles with each failure, and begins anew after a while without one. */
  #nextRetryMs(): number {
    const { clock, firstRetryMs = FIRST_RETRY_MS } = this.#options;
    const nowMs = clock.monotonicMs();
    const isNew = nowMs - this.#failedAtMs > 2 * LONGEST_RETRY_MS;
    this.#failedAtMs = nowMs;
    this.#retryMs = isNew ? firstRetryMs : Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
    return this.#retryMs * (0.5 + Math.random() / 2);
  }
}
