/** One request for admission, from what was sent to what is answered. It throws nothing: a pod is never refused. */
import type { Clock } from '../../lib/clock.ts';
import { PROFILE_LABEL } from '../../protocol/names.ts';
import type { ClusterFacts } from '../inject/facts.ts';
import type { InjectorMetrics } from './metrics.ts';
import type { Admission, AdmissionRequest } from './review.ts';

/** The policy's word on one pod; `admitPod` of injector/inject with its settings bound. */
export type Policy = (request: AdmissionRequest & { readonly facts: ClusterFacts }) => Verdict;

export type Verdict =
  | { readonly kind: 'inject'; readonly patch: readonly object[]; readonly warnings: readonly string[] }
  /** `warning`: undefined where nobody asked for the pod to be measured. */
  | { readonly kind: 'skip'; readonly reason: string; readonly warning: string | undefined };

/** Reasons of a skip that the policy was not asked for; the others stand in its own table. */
export const serverReasons = {
  'facts-unknown': "the injector does not know this namespace's rules yet; create the pod again in a moment",
  late: 'the injector was too slow to decide in time',
  'internal-error': 'the injector met something unexpected; its log has the details',
} as const;

export interface FactsSource {
  /** Undefined where the namespace is not known yet. Answers by `deadlineMs` with what it has then. Never rejects. */
  gather(request: AdmissionRequest, deadlineMs: number): Promise<ClusterFacts | undefined>;
}

/** A labelled pod that was left alone. */
export interface SkippedPod {
  readonly request: AdmissionRequest;
  /** Undefined where they were not known. */
  readonly facts: ClusterFacts | undefined;
  readonly reason: string;
  readonly warning: string;
}

export interface AdmitterParts {
  readonly policy: Policy;
  readonly facts: FactsSource;
  readonly metrics: InjectorMetrics;
  readonly clock: Clock;
  /** Called for every labelled pod that was left alone, but not in a dry run. */
  readonly onSkip: (skipped: SkippedPod) => void;
  readonly log: (message: string) => void;
}

export type Admit = (request: AdmissionRequest, deadlineMs: number) => Promise<Admission>;

const UNCHANGED: Admission = { patch: [], warnings: [] };

/** `deadlineMs`: on the clock's monotonic scale; a pod that cannot be decided by then is let through unchanged. */
export function admitter(parts: AdmitterParts): Admit {
  return async (request, deadlineMs) => {
    try {
      return await admit(parts, request, deadlineMs);
    } catch (error) {
      const { uid, namespace } = request;
      parts.log(`review ${uid} in ${namespace} failed: ${(error as Error).stack ?? error}`);
      return leftAlone(parts, request, undefined, 'internal-error');
    }
  };
}

async function admit(
  parts: AdmitterParts,
  request: AdmissionRequest,
  deadlineMs: number,
): Promise<Admission> {
  const { policy, metrics, clock, onSkip } = parts;
  const facts = await parts.facts.gather(request, deadlineMs);
  if (facts === undefined) return leftAlone(parts, request, facts, 'facts-unknown');
  if (clock.monotonicMs() > deadlineMs) return leftAlone(parts, request, facts, 'late');
  const verdict = policy({ ...request, facts });
  if (verdict.kind === 'inject') {
    metrics.injected();
    return { patch: verdict.patch, warnings: verdict.warnings };
  }
  const { reason, warning } = verdict;
  metrics.skipped(reason);
  if (warning === undefined) return UNCHANGED;
  if (!request.dryRun) onSkip({ request, facts, reason, warning });
  return { patch: [], warnings: [warning] };
}

function leftAlone(
  { metrics, onSkip }: AdmitterParts,
  request: AdmissionRequest,
  facts: ClusterFacts | undefined,
  reason: keyof typeof serverReasons,
): Admission {
  metrics.skipped(reason);
  if (request.pod.metadata?.labels?.[PROFILE_LABEL] !== 'true') return UNCHANGED;
  const warning = `podometer: this pod is not measured: ${serverReasons[reason]}`;
  if (!request.dryRun) onSkip({ request, facts, reason, warning });
  return { patch: [], warnings: [warning] };
}
