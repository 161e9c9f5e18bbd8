/** What a person would want to know of a run, in plain words. Rules and their bounds: docs/comparing.md. */
import type { Finding } from '../../../protocol/findings.ts';
import type { RunRecord, Store } from '../../store/model.ts';
import { requestFindings } from '../rightsize/request-findings.ts';
import { runView, type StateOf } from '../run-view.ts';
import { oneCoreFindings, throttledFindings } from './cpu-findings.ts';
import { diskFindings } from './disk-findings.ts';
import { leakFindings, memoryLimitFindings, oomFindings } from './memory-findings.ts';
import { findingColumns, type RunSamples, runSamples } from './samples.ts';

/** The gravest first. */
export function findingsOf(samples: RunSamples): Finding[] {
  return [
    oomFindings,
    memoryLimitFindings,
    leakFindings,
    throttledFindings,
    diskFindings,
    oneCoreFindings,
  ].flatMap((find) => find(samples));
}

export function readFindings(store: Store, stateOf: StateOf, record: RunRecord): Finding[] {
  const series = store.series(record.id, { columns: findingColumns });
  const directory = store.directory(record.id);
  const view = { ...runView(record, stateOf(record)), ...(record.pods && { pods: [...record.pods] }) };
  return [
    ...findingsOf(runSamples(view, directory, series)),
    ...requestFindings(record, { directory, series }),
  ];
}
