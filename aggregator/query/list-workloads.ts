/** Every workload that has runs, the one that ran last first. */

import type { Workload } from '../../protocol/run.ts';
import type { RecentRun, WorkloadsPage } from '../../protocol/run-list.ts';
import type { RunRecord } from '../store/model.ts';
import { figuresOf } from './run-figures.ts';
import { runView, type StateOf } from './run-view.ts';

const MOST_RECENT = 20;

interface Found {
  readonly latest: RunRecord;
  /** Newest first. */
  readonly recent: RecentRun[];
  runs: number;
}

/** `records`: newest first. */
export function listWorkloads(records: Iterable<RunRecord>, stateOf: StateOf): WorkloadsPage {
  const found = new Map<string, Found>();
  for (const record of records) {
    const key = identity(record.workload);
    const one = found.get(key) ?? { latest: record, recent: [], runs: 0 };
    found.set(key, one);
    one.runs += 1;
    if (one.recent.length < MOST_RECENT) {
      one.recent.push({ number: record.number, ...figuresOf(record.members) });
    }
  }
  return {
    workloads: [...found.values()].map(({ latest, runs, recent }) => ({
      workload: latest.workload,
      runs,
      latest: runView(latest, stateOf(latest)),
      recent: recent.toReversed(),
    })),
  };
}

function identity({ kind, namespace = '', name }: Workload): string {
  return `${kind}/${namespace}/${name}`;
}
