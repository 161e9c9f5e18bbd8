/** Where in the cluster the test's pods can run. */

export interface Toleration {
  readonly key: string;
  readonly operator: 'Exists';
  readonly effect: string;
}

export interface ChosenNode {
  /** Its label `kubernetes.io/hostname`. */
  readonly hostname: string;
  /** What pods need to run there; none where a node of the cluster takes any pod. */
  readonly tolerations: readonly Toleration[];
}

export interface KubeNode {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface Taint {
  readonly key: string;
  readonly effect: string;
}

const HOSTNAME = 'kubernetes.io/hostname';
/** Of nodes that have a fault: the cluster itself sets and removes these. */
const FAULT = /^node\.kubernetes\.io\//;

/**
 * A Ready node that takes any pod; where there is none, as in a cluster of one control-plane node, a Ready one with what
 * tolerates its taints. Undefined where no node can be used.
 */
export function chooseNode(nodes: readonly KubeNode[]): ChosenNode | undefined {
  const usable = nodes.filter(
    (node) => isReady(node) && !node.spec.unschedulable && !blocking(node).some(({ key }) => FAULT.test(key)),
  );
  const node = usable.find((one) => blocking(one).length === 0) ?? usable[0];
  const hostname = node?.metadata.labels?.[HOSTNAME];
  if (node === undefined || hostname === undefined) return undefined;
  const tolerations = blocking(node).map(({ key, effect }) => ({ key, operator: 'Exists' as const, effect }));
  return { hostname, tolerations };
}

function isReady({ status }: KubeNode): boolean {
  return status?.conditions?.some(({ type, status: how }) => type === 'Ready' && how === 'True') ?? false;
}

function blocking({ spec }: KubeNode): readonly Taint[] {
  return (spec.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
}
