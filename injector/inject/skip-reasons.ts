/**
 * Why a pod is left as it is: one closed table. A reason is a label of the injector's counter, and a row of
 * docs/injection.md; one that has a `mend` is told to the person who labelled the pod.
 */
export const skipReasons = {
  'not-labelled': {
    says: 'the pod does not have the label `podometer.dev/profile: "true"`',
    mend: undefined,
  },
  'not-a-creation': { says: 'the request does not create a pod', mend: undefined },
  'already-injected': { says: 'the pod has the agent', mend: undefined },
  'name-taken': {
    says: 'a container of its own is called `podometer-agent`',
    mend: 'give that container another name',
  },
  'mirror-pod': {
    says: 'the kubelet runs it from a file on its node (a static pod), and what is changed here is not what runs',
    mend: 'let a DaemonSet or Deployment run it',
  },
  'excluded-namespace': {
    says: "its namespace is kube-system, the injector's own, or one that the operator excluded",
    mend: 'run it in another namespace',
  },
  'namespace-not-enabled': {
    says: 'here the namespace must be labelled too',
    mend: 'kubectl label namespace NAME podometer.dev/enabled=true',
  },
  windows: { says: 'it is for Windows nodes, where there is no /proc', mend: 'take the label off' },
  'host-pid': {
    says: 'with `hostPID: true` a pod cannot share a process namespace of its own',
    mend: 'take `hostPID` out, or the label off',
  },
  'process-namespace-kept-apart': {
    says: '`shareProcessNamespace: false` stands in it',
    mend: 'take that line out if its containers may see each other',
  },
  'pod-security': {
    says: 'its namespace enforces a Pod Security Standard that allows the agent no capability, and without one it reads only processes of its own user',
    mend: 'give all measured containers the same `runAsUser` (not 0) and `runAsGroup`, or name those that have it in the annotation `podometer.dev/containers`',
  },
  'limit-range': {
    says: 'a LimitRange of its namespace leaves no room for the agent',
    mend: 'allow a container with 1m of CPU (20m where a limit is needed) and 64Mi of memory',
  },
  quota: {
    says: 'a ResourceQuota of its namespace leaves no room for the agent',
    mend: 'raise the quota, or ask for less by the annotations `podometer.dev/cpu` and `podometer.dev/memory`',
  },
} as const satisfies Record<string, { says: string; mend: string | undefined }>;

export type SkipReason = keyof typeof skipReasons;

/** For the person at kubectl; undefined where nobody asked for this pod to be measured, or it already is. */
export function skipWarning(reason: SkipReason, detail?: string): string | undefined {
  const { says, mend } = skipReasons[reason];
  if (mend === undefined) return undefined;
  const exactly = detail === undefined ? '' : ` (${detail})`;
  return `podometer: this pod is not measured: ${says}${exactly}; ${mend}`;
}
