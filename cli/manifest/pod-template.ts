/** Where a manifest's objects describe pods, whatever kind of workload makes them. */
import type { V1Pod } from '@kubernetes/client-node';
import type { ManifestObject } from './manifest.ts';
import type { ManifestDocument, Path } from './manifest-document.ts';

export interface PodTemplate {
  readonly document: ManifestDocument;
  /** Of the map that holds the pod's `metadata` and `spec`. */
  readonly path: Path;
  readonly pod: V1Pod;
  /** The object that the template belongs to. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Its name; its generateName where it has none, else empty. */
  readonly name: string;
  readonly namespace: string | undefined;
}

/** From an object to the templates of its pods. A JobSet has one per replicated job. */
const PLACES: readonly Path[] = [
  ['spec', 'template'],
  ['spec', 'jobTemplate', 'spec', 'template'],
  ['template'],
];

export function podTemplatesOf({ document, path, value }: ManifestObject): PodTemplate[] {
  const { metadata } = value as { metadata?: Readonly<Record<string, unknown>> };
  const kind = String(value.kind ?? '');
  const owner = {
    document,
    apiVersion: String(value.apiVersion ?? ''),
    kind,
    name: String(metadata?.name ?? metadata?.generateName ?? ''),
    namespace: (metadata?.namespace as string | undefined) ?? undefined,
  };
  const places =
    kind === 'Pod' ? [[]] : [...PLACES, ...replicatedJobs(at(value, ['spec', 'replicatedJobs']))];
  return places
    .filter((place) => at(value, [...place, 'spec', 'containers']) !== undefined)
    .map((place) => ({ ...owner, path: [...path, ...place], pod: at(value, place) as V1Pod }));
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((whole, key) => (whole as Record<string | number, unknown> | undefined)?.[key], value);
}

function replicatedJobs(jobs: unknown): Path[] {
  const count = Array.isArray(jobs) ? jobs.length : 0;
  return Array.from({ length: count }, (_, i) => [
    'spec',
    'replicatedJobs',
    i,
    'template',
    'spec',
    'template',
  ]);
}
