/** What becomes of the pods of a workload when its template changes. */

/** The parts of a workload's spec that decide it. */
interface WorkloadSpec {
  readonly paused?: unknown;
  readonly updateStrategy?: { readonly type?: unknown } | null;
}

const ROLLED = ['Deployment', 'StatefulSet', 'DaemonSet'];
const SETTLED = ['Job', 'JobSet', 'Pod'];

/** `whenRolled`: how it is told that the workload's pods are made anew. Undefined: nothing is known of the kind. */
export function rolloutOf(kind: string, spec: unknown, whenRolled: string): string | undefined {
  const { paused, updateStrategy } = (spec ?? {}) as WorkloadSpec;
  if (kind === 'CronJob') return 'from its next job on';
  if (SETTLED.includes(kind)) return 'what runs already is settled, delete it before you apply this';
  if (!ROLLED.includes(kind)) return undefined;
  if (paused === true) return 'it is paused, and rolled once it is resumed';
  if (updateStrategy?.type === 'OnDelete')
    return 'its strategy is OnDelete: each pod is made anew once you delete it';
  return whenRolled;
}
