/** How long an aggregator waits for a node that does not answer. */
import type { V1Toleration } from '@kubernetes/client-node';

const KEYS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
/** The cluster's default is 300; a node that is only restarted is back sooner, and what agents spool is little. */
const SECONDS = 60;

/** `given`: by the operator; what they say of these taints, or of every one, counts alone. */
export function withNodeTolerations(given: readonly V1Toleration[]): V1Toleration[] {
  const open = KEYS.filter(
    (key) => !given.some((one) => one.key === undefined || one.key === '' || one.key === key),
  );
  return [
    ...given,
    ...open.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: SECONDS })),
  ];
}
