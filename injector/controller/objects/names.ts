/** What the objects of every aggregator have in common. */
import type { V1ObjectMeta } from '@kubernetes/client-node';
import { AGGREGATOR_NAME } from '../../../protocol/names.ts';

/** Chosen by Services, policies and the StatefulSet; never to be changed, a StatefulSet's selector is for good. */
export const SELECTOR = {
  'app.kubernetes.io/name': 'podometer',
  'app.kubernetes.io/component': 'aggregator',
} as const;

export const LABELS = { ...SELECTOR, 'app.kubernetes.io/managed-by': 'podometer' } as const;

export const LABEL_SELECTOR = Object.entries(LABELS)
  .map(([key, value]) => `${key}=${value}`)
  .join(',');

export const TLS_SECRET = `${AGGREGATOR_NAME}-tls`;

/** No owner: an aggregator belongs to its namespace, and goes with it alone. */
export function metadataIn(namespace: string, name: string = AGGREGATOR_NAME): V1ObjectMeta {
  return { name, namespace, labels: { ...LABELS } };
}
