/** What is said of a labelled pod that was left alone, on what it belongs to. */
import type { V1Pod } from '@kubernetes/client-node';
import type { SkippedPod } from '../webhook/admitter.ts';
import type { ObjectEvent } from './object-events.ts';

/** Undefined for a bare pod: it has no owner and does not exist yet, and its maker reads the warning. */
export function skipEvent({ request, facts, reason, warning }: SkippedPod): ObjectEvent | undefined {
  // Where nothing was read, the pod's controller by its own word.
  const owner = facts?.owners.at(-1) ?? controllerOf(request.pod);
  if (owner === undefined) return undefined;
  return {
    object: owner,
    namespace: request.namespace,
    type: 'Warning',
    reason: 'PodometerSkipped',
    message: warning,
    cause: reason,
  };
}

function controllerOf({ metadata }: V1Pod): ObjectEvent['object'] | undefined {
  const references = metadata?.ownerReferences;
  return Array.isArray(references) ? references.find(({ controller }) => controller === true) : undefined;
}
