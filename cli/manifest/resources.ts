/** What a manifest sets for the containers of a workload. */
import type { Resources } from '../../aggregator/query/rightsize/advice.ts';
import type { Manifest } from './manifest.ts';
import { podTemplatesOf } from './pod-template.ts';

/**
 * By container name. Of the object with the workload's name; where there is none, of all. A container without resources is
 * there with an empty entry.
 */
export function manifestResources(manifest: Manifest, workload: string): Map<string, Resources> {
  const templates = manifest.objects.flatMap(podTemplatesOf);
  const named = templates.filter(({ name }) => name === workload);
  const found = new Map<string, Resources>();
  for (const { pod } of named.length > 0 ? named : templates) {
    for (const { name, resources } of pod.spec?.containers ?? []) {
      found.set(name, { requests: amounts(resources?.requests), limits: amounts(resources?.limits) });
    }
  }
  return found;
}

/** YAML may hold them as numbers. */
function amounts(
  set: Readonly<Record<string, unknown>> | null | undefined,
): NonNullable<Resources['requests']> {
  const text = (value: unknown) => (value === undefined || value === null ? undefined : String(value));
  const [cpu, memory] = [text(set?.cpu), text(set?.memory)];
  return { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
}
