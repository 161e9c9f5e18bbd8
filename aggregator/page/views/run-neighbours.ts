/** The runs of the same workload beside a run, in the order in which they started. */
import type { RunView } from '../../../protocol/query.ts';
import { listRuns } from '../api.ts';

/** Of the runs that started in the same millisecond, more than one may have to be passed over. */
const ENOUGH = 5;

export interface Neighbours {
  readonly before?: RunView | undefined;
  /** The next good one before it. */
  readonly goodBefore?: RunView | undefined;
  readonly after?: RunView | undefined;
}

export async function runBefore(
  run: RunView,
  signal: AbortSignal,
  outcome?: 'succeeded',
): Promise<RunView | undefined> {
  const { runs } = await listRuns(
    {
      workload: run.workload.name,
      until: run.startedAt,
      limit: ENOUGH,
      ...(outcome && { outcome }),
    },
    signal,
  );
  return runs.find((one) => isBefore(one, run));
}

export async function runAfter(run: RunView, signal: AbortSignal): Promise<RunView | undefined> {
  const { runs } = await listRuns(
    { workload: run.workload.name, since: run.startedAt, order: 'asc', limit: ENOUGH },
    signal,
  );
  return runs.find((one) => isBefore(run, one));
}

export async function readNeighbours(run: RunView, signal: AbortSignal): Promise<Neighbours> {
  const [before, goodBefore, after] = await Promise.all([
    runBefore(run, signal),
    runBefore(run, signal, 'succeeded'),
    runAfter(run, signal),
  ]);
  return { before, goodBefore, after };
}

function isBefore(a: RunView, b: RunView): boolean {
  return a.startedAt < b.startedAt || (a.startedAt === b.startedAt && a.number < b.number);
}
