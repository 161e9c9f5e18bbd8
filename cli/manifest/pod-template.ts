/** Where a manifest's objects describe pods, whatever kind of workload makes them. */
import type { V1Pod } from '@kubernetes/client-node';
import { checkedPod } from './checked-pod.ts';
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
  readonly workloadSpec: unknown;
}

/** Of Deployments, Jobs and most kinds `template`; a LeaderWorkerSet has `leaderTemplate` and `workerTemplate`. */
const TEMPLATE_KEY = /template$/i;

/** In the order of the object. Throws PODO_MANIFEST_MALFORMED where one is no pod. */
export function podTemplatesOf(object: ManifestObject): PodTemplate[] {
  const { document, path, value } = object;
  const { kind, name } = identityOf(object);
  const metadata = fieldsOf(value.metadata);
  const owner = {
    document,
    apiVersion: String(value.apiVersion ?? ''),
    kind,
    name,
    namespace: typeof metadata.namespace === 'string' ? metadata.namespace : undefined,
    workloadSpec: value.spec,
  };
  const isPod = kind === 'Pod' && listsContainers(value);
  const places = isPod ? [[]] : placesIn(value, []);
  return places.map((place) => {
    const where = `${titleOf(owner)}: ${place.length === 0 ? 'the pod' : place.join('.')}`;
    return { ...owner, path: [...path, ...place], pod: checkedPod(at(value, place), where) };
  });
}

/** `Deployment web`. */
export function titleOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return name === '' ? kind : `${kind} ${name}`;
}

export function identityOf({ value }: ManifestObject): { kind: string; name: string } {
  const { name, generateName } = fieldsOf(value.metadata);
  return { kind: String(value.kind ?? ''), name: String(name ?? generateName ?? '') };
}

/** Every map under a key of a template's name that lists containers. */
function placesIn(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]) => {
    const place = [...path, key];
    const isTemplate = TEMPLATE_KEY.test(String(key)) && listsContainers(inner);
    return isTemplate ? [place] : placesIn(inner, place);
  });
}

function listsContainers(value: unknown): boolean {
  const { containers } = fieldsOf(fieldsOf(value).spec);
  return containers !== undefined && containers !== null;
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((whole, key) => (whole as Readonly<Record<string | number, unknown>>)[key], value);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
