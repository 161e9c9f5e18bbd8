/** An AdmissionReview as an API server sends it. */
import type { V1Pod } from '@kubernetes/client-node';

export const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { generateName: 'web-7d4b9-', labels: { 'podometer.dev/profile': 'true' } },
  spec: { containers: [{ name: 'app', image: 'app:1' }] },
} as const;

export interface ReviewRequest {
  readonly uid: string;
  readonly operation: string;
  readonly namespace: string;
  readonly dryRun: boolean;
  readonly object: V1Pod | typeof pod;
}

export function review(request: Partial<ReviewRequest> = {}): string {
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: 'c483692c-6cfe-46c5-9f5c-fefcd354d31a',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      namespace: 'team-a',
      operation: 'CREATE',
      dryRun: false,
      oldObject: null,
      object: pod,
      ...request,
    },
  });
}
