/** What a manifest gives as a pod, looked at before it is taken for one. Null is as good as absent, as in the API. */
import type { V1Pod } from '@kubernetes/client-node';
import { PodometerError } from '../../protocol/errors.ts';

const MOST_SHOWN = 60;

/** `where`: how the pod is called in an error. Throws PODO_MANIFEST_MALFORMED. */
export function checkedPod(pod: unknown, where: string): V1Pod {
  const { metadata, spec } = map(pod, where);
  const { labels, annotations } = map(metadata, `${where}.metadata`);
  textValues(labels, `${where}.metadata.labels`);
  textValues(annotations, `${where}.metadata.annotations`);
  const lists = map(spec, `${where}.spec`);
  for (const name of ['containers', 'initContainers', 'volumes']) {
    items(lists[name], `${where}.spec.${name}`);
  }
  return pod as V1Pod;
}

function map(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw malformed(where, value, 'a map');
  return value as Readonly<Record<string, unknown>>;
}

function items(value: unknown, where: string): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) throw malformed(where, value, 'a list');
  value.forEach((item, i) => {
    if (typeof item?.name !== 'string') throw malformed(`${where}[${i}]`, item, 'a map with a name');
  });
}

function textValues(value: unknown, where: string): void {
  for (const [key, text] of Object.entries(map(value, where))) {
    if (typeof text !== 'string' && text !== null) throw malformed(`${where}.${key}`, text, 'a text');
  }
}

function malformed(where: string, value: unknown, wanted: string): PodometerError {
  return new PodometerError(
    'PODO_MANIFEST_MALFORMED',
    `${where} is ${JSON.stringify(value).slice(0, MOST_SHOWN)}, which is not ${wanted}`,
    'Mend the manifest; `kubectl apply --dry-run=server -f FILE` refuses it too.',
  );
}

/** As the API reads it. Items of lists stay, null or not. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)])) as T;
}
