/** The objects of an API server double, and the history that its watches tell. */
import { randomUUID } from 'node:crypto';
import type { KubernetesObject } from '@kubernetes/client-node';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface Change {
  readonly type: ChangeType;
  /** `apps/v1 replicasets` */
  readonly resource: string;
  readonly object: StoredObject;
  readonly version: number;
}

export type StoredObject = KubernetesObject & {
  readonly metadata: NonNullable<KubernetesObject['metadata']>;
};

/** As it is given: what is missing of its metadata is filled in. */
export type GivenObject = Omit<KubernetesObject, 'metadata'> & {
  readonly metadata: Partial<StoredObject['metadata']>;
};

export class ObjectStore {
  readonly #resources = new Map<string, Map<string, StoredObject>>();
  readonly #followers = new Set<(change: Change) => void>();
  #history: Change[] = [];
  /** Changes up to it are forgotten. */
  #forgotten = 0;
  #version = 1;

  get version(): number {
    return this.#version;
  }

  /** Makes the resource known; without it, it is unknown to the API server, as one of a CRD that is not installed. */
  define(resource: string): void {
    if (!this.#resources.has(resource)) this.#resources.set(resource, new Map());
  }

  /** All that are known. */
  get resources(): readonly string[] {
    return [...this.#resources.keys()];
  }

  isDefined(resource: string): boolean {
    return this.#resources.has(resource);
  }

  get(resource: string, namespace: string | undefined, name: string): StoredObject | undefined {
    return this.#resources.get(resource)?.get(keyOf(namespace, name));
  }

  list(resource: string, namespace?: string): StoredObject[] {
    const objects = [...(this.#resources.get(resource)?.values() ?? [])];
    return objects.filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
  }

  /** Makes it or takes the place of what has its name. */
  put(resource: string, given: GivenObject): StoredObject {
    this.define(resource);
    const { namespace, name = '' } = given.metadata;
    const before = this.get(resource, namespace, name);
    this.#version += 1;
    const object: StoredObject = {
      ...given,
      metadata: {
        uid: before?.metadata.uid ?? randomUUID(),
        ...given.metadata,
        name,
        resourceVersion: String(this.#version),
      },
    };
    this.#resources.get(resource)?.set(keyOf(namespace, name), object);
    this.#tell({ type: before ? 'MODIFIED' : 'ADDED', resource, object, version: this.#version });
    return object;
  }

  remove(resource: string, namespace: string | undefined, name: string): StoredObject | undefined {
    const before = this.get(resource, namespace, name);
    if (before === undefined) return undefined;
    this.#version += 1;
    this.#resources.get(resource)?.delete(keyOf(namespace, name));
    const metadata = { ...before.metadata, resourceVersion: String(this.#version) };
    this.#tell({ type: 'DELETED', resource, object: { ...before, metadata }, version: this.#version });
    return before;
  }

  /** Later than `version`, oldest first; undefined where some of them are forgotten: 410 Gone. */
  since(version: number): readonly Change[] | undefined {
    if (version < this.#forgotten) return undefined;
    return this.#history.filter((change) => change.version > version);
  }

  /** As etcd's compaction does: nobody can go on from where they were. */
  forget(): void {
    this.#version += 1;
    this.#forgotten = this.#version;
    this.#history = [];
  }

  /** Returns what ends it. */
  follow(onChange: (change: Change) => void): () => void {
    this.#followers.add(onChange);
    return () => void this.#followers.delete(onChange);
  }

  #tell(change: Change): void {
    this.#history.push(change);
    for (const follower of this.#followers) follower(change);
  }
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}
