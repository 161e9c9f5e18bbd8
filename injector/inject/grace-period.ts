/** How long the pod leaves the agent for its last batches, once it is told to stop. */
import type { V1PodSpec } from '@kubernetes/client-node';
import { MOST_GRACE_MS } from '../../protocol/limits.ts';

/** In less than this a last batch may not arrive: it takes two tries, the first of which opens a connection. */
const LEAST_SECONDS = 5;

export interface GracePeriod {
  /** For the agent; undefined where the pod does not say, which leaves it the API server's 30 s. */
  readonly text: string | undefined;
  readonly warnings: readonly string[];
}

export function gracePeriodOf({ terminationGracePeriodSeconds: seconds }: V1PodSpec): GracePeriod {
  if (seconds === undefined || seconds === null) return { text: undefined, warnings: [] };
  const text = `${Math.min(Math.max(1, seconds), MOST_GRACE_MS / 1000)}s`;
  const warning = `terminationGracePeriodSeconds is ${seconds}: the end of the run may be missing, as the agent sends its last samples in that time; give it ${LEAST_SECONDS} or more`;
  return { text, warnings: seconds < LEAST_SECONDS ? [warning] : [] };
}
