/** The environment of the rendered injector, as a pod of it would have it. */
import type { V1Deployment } from '@kubernetes/client-node';
import { one, RELEASE_NAMESPACE, type Rendered } from './render.ts';

const FROM_THE_POD: Readonly<Record<string, string>> = {
  'metadata.namespace': RELEASE_NAMESPACE,
  'metadata.name': 'podometer-injector-0',
};

export function environmentOf(objects: readonly Rendered[]): Record<string, string> {
  const { spec } = one<V1Deployment>(objects, 'Deployment');
  const [container] = spec?.template.spec?.containers ?? [];
  const entries = (container?.env ?? []).map(({ name, value, valueFrom }) => [
    name,
    value ?? FROM_THE_POD[valueFrom?.fieldRef?.fieldPath ?? ''] ?? 'from-a-secret',
  ]);
  return Object.fromEntries(entries);
}
