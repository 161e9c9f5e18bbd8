/** How an aggregator is reached, and by whom. */
import type { KubernetesObject, V1NetworkPolicy, V1Service } from '@kubernetes/client-node';
import { DEFAULT_PORT } from '../../../protocol/names.ts';
import { metadataIn, SELECTOR } from './names.ts';

export const PORT_NAME = 'https';

export function networkObjects(namespace: string): KubernetesObject[] {
  const service: V1Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataIn(namespace),
    spec: {
      selector: { ...SELECTOR },
      ports: [{ name: PORT_NAME, port: DEFAULT_PORT, targetPort: PORT_NAME, protocol: 'TCP' }],
    },
  };
  // Egress is left open: the API server and a store to forward to may be anywhere.
  const policy: V1NetworkPolicy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataIn(namespace),
    spec: {
      podSelector: { matchLabels: { ...SELECTOR } },
      policyTypes: ['Ingress'],
      // Its own namespace's pods; a port-forward enters the pod itself and needs no rule.
      ingress: [{ _from: [{ podSelector: {} }], ports: [{ port: DEFAULT_PORT, protocol: 'TCP' }] }],
    },
  };
  return [service, policy];
}
