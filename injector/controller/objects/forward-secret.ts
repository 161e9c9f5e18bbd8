/** By what an aggregator proves who it is where it forwards to: a credential, so it stands in a Secret. */
import { createHash } from 'node:crypto';
import type { V1EnvVar, V1Secret } from '@kubernetes/client-node';
import { AGGREGATOR_NAME, keeperEnvironment } from '../../../protocol/names.ts';
import { metadataIn } from './names.ts';

export const FORWARD_SECRET = `${AGGREGATOR_NAME}-forward`;
/** On an aggregator's pod: it reads its environment once, so another credential needs another pod. */
export const FORWARD_ANNOTATION = 'podometer.dev/forward-authorization';
const KEY = 'authorization';

export function forwardSecret(namespace: string, authorization: string): V1Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataIn(namespace, FORWARD_SECRET),
    type: 'Opaque',
    data: { [KEY]: Buffer.from(authorization).toString('base64') },
  };
}

export function forwardVariable(): V1EnvVar {
  const valueFrom = { secretKeyRef: { name: FORWARD_SECRET, key: KEY } };
  return { name: keeperEnvironment.forwardAuthorization, valueFrom };
}

/** Differs where the credential does, and tells nothing of it. */
export function forwardAnnotations(authorization: string | undefined): Record<string, string> {
  if (authorization === undefined) return {};
  const digest = createHash('sha256').update(authorization).digest('hex');
  return { [FORWARD_ANNOTATION]: digest.slice(0, 8) };
}
