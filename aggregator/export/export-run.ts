import type { ExportFormat } from '../../protocol/query.ts';
import { runView, type StateOf } from '../query/run-view.ts';
import { readProcesses } from '../query/summary.ts';
import type { RunRecord, Store } from '../store/model.ts';
import { exportCsv } from './export-csv.ts';
import { exportJson } from './export-json.ts';

/** The text of a run, in pieces of any length. */
export function exportRun(
  store: Store,
  stateOf: StateOf,
  record: RunRecord,
  format: ExportFormat,
): Iterable<string> {
  const exported = {
    store,
    record,
    run: runView(record, stateOf(record)),
    directory: store.directory(record.id),
    processes: readProcesses(store, record),
  };
  return format === 'csv' ? exportCsv(exported) : exportJson(exported);
}
