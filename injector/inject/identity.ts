/** Which workload and run a pod belongs to, and which member of it the pod is. */
import type { Workload } from '../../protocol/run.ts';

export interface Identity {
  readonly kind: Workload['kind'];
  /** Undefined for a bare pod whose name is not known yet: the agent takes the pod's. */
  readonly name: string | undefined;
  readonly run: TextSource;
  readonly rank: TextSource | undefined;
  /** Of the run, beside what the pod's own annotation says. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A text that is known now, or a field of the pod that the kubelet will know (downward API). */
export type TextSource = { readonly value: string } | { readonly fieldPath: string };
