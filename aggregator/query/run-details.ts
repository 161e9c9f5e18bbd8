import type { RunView } from '../../protocol/query.ts';
import type { RunRecord } from '../store/model.ts';
import { judgeRun } from './judge-run.ts';
import { runView } from './run-view.ts';
import type { RunSource } from './select-runs.ts';

/** All that is told of one run alone: beside what lists tell, its pods and how it stands against the runs before it. */
export function runDetails(source: RunSource, record: RunRecord): RunView {
  const judgement = judgeRun(source, record);
  return {
    ...runView(record, source.stateOf(record)),
    ...(record.pods && { pods: [...record.pods] }),
    ...(judgement && { judgement }),
  };
}
