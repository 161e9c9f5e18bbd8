/** Why a pod is left as it is: one closed table, the label of the injector's counter and a row of docs/injection.md each. */
export const skipReasons = {
  'not-labelled': { says: 'The pod does not have the label `podometer.dev/profile: "true"`.', warns: false },
  'not-a-creation': { says: 'The request changes or deletes a pod, or is none of a pod.', warns: false },
  'already-injected': { says: 'The pod has a container `podometer-agent`.', warns: false },
  'mirror-pod': { says: 'The kubelet runs it from a file on the node (a static pod).', warns: true },
  'excluded-namespace': {
    says: "The namespace is kube-system, the injector's own, or one that its operator excluded.",
    warns: true,
  },
  'namespace-not-enabled': {
    says: 'The operator asks for `podometer.dev/enabled: "true"` on the namespace too, and it is not there.',
    warns: true,
  },
  windows: { says: 'The pod is for Windows nodes.', warns: true },
  'host-pid': { says: '`hostPID: true` cannot be together with a shared process namespace.', warns: true },
  'process-namespace-kept-apart': { says: '`shareProcessNamespace: false` stands in the pod.', warns: true },
  'pod-security': {
    says: 'The namespace enforces `baseline` or `restricted`, and no form of the agent that it admits can read the containers.',
    warns: true,
  },
  'limit-range': {
    says: "A LimitRange of the namespace leaves no room for the agent's container.",
    warns: true,
  },
  quota: { says: "A ResourceQuota of the namespace leaves no room for the agent's container.", warns: true },
} as const satisfies Record<string, { says: string; warns: boolean }>;

export type SkipReason = keyof typeof skipReasons;
