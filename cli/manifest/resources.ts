/** What a manifest sets for the containers of a workload. */
import { isSeq } from 'yaml';
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
  for (const { document, path } of named.length > 0 ? named : templates) {
    const containers = document.getIn([...path, 'spec', 'containers']);
    if (!isSeq(containers)) continue;
    containers.items.forEach((_, i) => {
      const at = (...keys: string[]): string | undefined => {
        const value = document.getIn([...path, 'spec', 'containers', i, ...keys]);
        return value === undefined || value === null ? undefined : String(value);
      };
      const amounts = (which: string) => {
        const [cpu, memory] = [at('resources', which, 'cpu'), at('resources', which, 'memory')];
        return { ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
      };
      found.set(at('name') ?? '', { requests: amounts('requests'), limits: amounts('limits') });
    });
  }
  return found;
}
