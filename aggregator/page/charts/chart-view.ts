/** What the charts of a run show of its processes. Everything here is pure. */
import type { ProcessView, RunView } from '../../../protocol/query.ts';
import { INK_COUNT, type Ink, inkAt } from './chart-model.ts';
import { cpuSecondsOf, namedProcesses, peakRssOf } from './chosen-processes.ts';
import { processLabels } from './process-places.ts';

export type StackedBy = 'process' | 'container';

/** A process or a container with a colour of its own, the same in every chart and table. */
export interface Named {
  readonly key: string;
  readonly label: string;
  readonly ink: Ink;
}

export interface ChartView {
  readonly by: StackedBy;
  readonly named: readonly Named[];
  /** The one process that is looked at. */
  readonly chosen: Named | undefined;
  /** Processes, or containers, that have no colour of their own. */
  readonly others: number;
}

export interface Wish {
  readonly by: StackedBy;
  /** Key of a process. */
  readonly chosen: string | undefined;
}

/** `processes`: targets only. A chosen process stands against all others, whatever is stacked. */
export function chartView(
  { members }: Pick<RunView, 'members'>,
  processes: readonly ProcessView[],
  { by, chosen: chosenKey }: Wish,
): ChartView {
  const heaviest = namedProcesses(processes);
  const process = processes.find(({ key }) => key === chosenKey);
  if (process !== undefined) {
    const chosen = heaviest.find(({ key }) => key === process.key) ?? {
      key: process.key,
      label: processLabels(processes).get(process.key) ?? process.comm,
      ink: inkAt(0),
    };
    return { by: 'process', named: [chosen], chosen, others: processes.length - 1 };
  }
  if (by === 'process')
    return { by, named: heaviest, chosen: undefined, others: processes.length - heaviest.length };
  const groups = Map.groupBy(processes, (one) => containerOf(one, members.length > 1));
  const named = heaviestContainers(groups);
  return { by, named, chosen: undefined, others: groups.size - named.length };
}

/** Of a run whose processes are not known yet. */
export const allTogether: ChartView = { by: 'process', named: [], chosen: undefined, others: 0 };

export function hasContainers(processes: readonly ProcessView[]): boolean {
  return processes.some(({ container }) => container !== undefined);
}

function heaviestContainers(groups: ReadonlyMap<string, readonly ProcessView[]>): Named[] {
  const all = [...groups.values()].flat();
  const share = (own: readonly ProcessView[], value: (process: ProcessView) => number) =>
    sum(own, value) / (sum(all, value) || 1);
  return [...groups]
    .map(([key, own]) => ({ key, share: share(own, cpuSecondsOf) + share(own, peakRssOf) }))
    .sort((a, b) => b.share - a.share)
    .slice(0, INK_COUNT)
    .map(({ key }, index) => ({ key, label: key, ink: inkAt(index) }));
}

/** As the series of the API name them. */
function containerOf({ member, container }: ProcessView, hasSeveralMembers: boolean): string {
  if (container === undefined) return 'no container';
  return hasSeveralMembers ? `${member}/${container}` : container;
}

function sum(processes: readonly ProcessView[], value: (process: ProcessView) => number): number {
  return processes.reduce((total, process) => total + value(process), 0);
}
