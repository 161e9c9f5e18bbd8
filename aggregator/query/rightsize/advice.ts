/** The requests and limits that a workload's runs would have needed, beside what is set. */
import type { Finding } from '../../../protocol/findings.ts';
import type { ContainerNeed } from '../../../protocol/needs.ts';
import type { ResourceAmounts } from '../../../protocol/pods.ts';
import { bytes, cores } from '../wording.ts';
import { cpuQuantity, memoryQuantity, parseQuantity } from './quantity.ts';

/** As a pod spec has them: quantities. */
export interface Resources {
  readonly requests?: ResourceAmounts;
  readonly limits?: ResourceAmounts;
}

/** For limits and memory, above the peak. */
export const DEFAULT_HEADROOM = 0.2;

export interface ContainerAdvice {
  readonly need: ContainerNeed;
  /** From a manifest or the pods; where there is neither, the limits that its cgroup had. */
  readonly set: Resources;
  readonly advised: Required<Resources>;
}

/** A request of this many times what is needed holds room that others could use. */
const FAR_ABOVE = 2;

/**
 * CPU: request the p95, for a moment's want of CPU only slows it; a limit only where there is one, above the peak. Memory:
 * request and limit alike the peak and `headroom` (a share), for want of memory kills.
 */
export function adviceFor(
  needs: readonly ContainerNeed[],
  manifest: ReadonlyMap<string, Resources>,
  headroom: number,
): ContainerAdvice[] {
  return needs.map((need) => {
    const set = manifest.get(need.name) ?? need.set ?? { limits: limitsOf(need) };
    const memory = memoryQuantity(need.memoryBytes.peak * (1 + headroom));
    const limit =
      set.limits?.cpu === undefined ? {} : { cpu: cpuQuantity(need.cpuCores.peak * (1 + headroom)) };
    return {
      need,
      set,
      advised: { requests: { cpu: cpuQuantity(need.cpuCores.p95), memory }, limits: { ...limit, memory } },
    };
  });
}

function limitsOf({ limits: { cpuCores, memoryBytes } }: ContainerNeed): NonNullable<Resources['limits']> {
  return {
    ...(cpuCores !== undefined && { cpu: cpuQuantity(cpuCores) }),
    ...(memoryBytes !== undefined && { memory: memoryQuantity(memoryBytes) }),
  };
}

/** Requests that lie far above what is advised. */
export function oversizedRequests(advice: readonly ContainerAdvice[]): Finding[] {
  return advice.flatMap(({ need, set, advised }) => [
    ...oversized(need.name, 'CPU', cores, set.requests?.cpu, advised.requests.cpu, need.cpuCores.p95),
    ...oversized(
      need.name,
      'memory',
      bytes,
      set.requests?.memory,
      advised.requests.memory,
      need.memoryBytes.peak,
    ),
  ]);
}

function oversized(
  container: string,
  what: 'CPU' | 'memory',
  format: (value: number) => string,
  set: string | undefined,
  advised: string | undefined,
  used: number,
): Finding[] {
  const [requested, enough] = [set, advised].map((text) =>
    text === undefined ? undefined : parseQuantity(text),
  );
  if (requested === undefined || enough === undefined || requested < FAR_ABOVE * enough) return [];
  const figure = what === 'CPU' ? `at most ${format(used)} in 95 % of the time` : `${format(used)} at most`;
  return [
    {
      kind: 'oversized-request',
      container,
      sentence: `Container \`${container}\` requests ${format(requested)} ${what === 'CPU' ? 'CPUs' : 'of memory'} and used ${figure}: a request of ${advised} would do.`,
      figures: { requested, used, advised: enough },
    },
  ];
}
