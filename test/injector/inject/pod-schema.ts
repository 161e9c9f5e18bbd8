/** What the Kubernetes OpenAPI schema says against a pod: wrong types, missing fields, and fields that it does not know. */
import { validate } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Pod';
import { faults, type Validate } from '../../kubernetes-schema.ts';

export function schemaFaults(pod: unknown): string[] {
  return faults(validate as Validate, pod, 'V1Pod');
}
