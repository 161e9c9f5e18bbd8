/** What is said of a list of runs as a whole. */
import type { WorkloadView } from '../../../protocol/run-list.ts';
import { count } from '../format.ts';
import { empty } from './notice.ts';
import { isFiltered, type RunsRoute } from './runs-address.ts';

/** In place of a list without runs. */
export function noRuns(route: RunsRoute): HTMLElement {
  return isFiltered(route)
    ? empty('No run matches these filters.')
    : empty('Nothing has been measured yet. Measure a command with:', 'podometer run -- COMMAND');
}

/** How many runs there are, where that is known without reading them all. */
export function countWords(
  route: RunsRoute,
  read: { readonly count: number; readonly isWhole: boolean },
  workloads: readonly WorkloadView[],
): string {
  const { workload, ...others } = route;
  const own = workloads.filter((one) => workload === undefined || one.workload.name === workload);
  const total = isFiltered(others) ? 0 : own.reduce((sum, { runs }) => sum + runs, 0);
  if (read.isWhole || total > read.count) return runsWords(read.isWhole ? read.count : total);
  return `more than ${runsWords(read.count)}`;
}

function runsWords(runs: number): string {
  return `${count(runs)} ${runs === 1 ? 'run' : 'runs'}`;
}
