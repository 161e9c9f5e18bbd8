/** Where a manifest's objects describe pods, whatever kind of workload makes them. */
import { type Document, isMap } from 'yaml';
import type { ManifestObject } from './manifest.ts';

export interface PodTemplate {
  readonly document: Document;
  /** Of the map that holds the pod's `metadata` and `spec`. */
  readonly path: readonly (string | number)[];
  /** The object that the template belongs to. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Its name; its generateName where it has none, else empty. */
  readonly name: string;
  readonly namespace: string | undefined;
}

/** From an object to the templates of its pods. A JobSet has one per replicated job. */
const PLACES: readonly (readonly string[])[] = [
  ['spec', 'template'],
  ['spec', 'jobTemplate', 'spec', 'template'],
  ['template'],
];

export function podTemplatesOf({ document, path }: ManifestObject): PodTemplate[] {
  const at = (...keys: (string | number)[]): unknown => document.getIn([...path, ...keys]);
  const kind = String(at('kind') ?? '');
  const owner = {
    document,
    apiVersion: String(at('apiVersion') ?? ''),
    kind,
    name: String(at('metadata', 'name') ?? at('metadata', 'generateName') ?? ''),
    namespace: (at('metadata', 'namespace') as string | undefined) ?? undefined,
  };
  const places = kind === 'Pod' ? [[]] : [...PLACES, ...replicatedJobs(at('spec', 'replicatedJobs'))];
  return places
    .filter((place) => isMap(at(...place, 'spec')) && at(...place, 'spec', 'containers') !== undefined)
    .map((place) => ({ ...owner, path: [...path, ...place] }));
}

function replicatedJobs(jobs: unknown): (string | number)[][] {
  const count = (jobs as { items?: unknown[] } | undefined)?.items?.length ?? 0;
  return Array.from({ length: count }, (_, i) => [
    'spec',
    'replicatedJobs',
    i,
    'template',
    'spec',
    'template',
  ]);
}
