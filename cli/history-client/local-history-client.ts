/** A history in a data folder of this machine. */
import { exportedRun } from '../../aggregator/export/exported-run.ts';
import { exportForms, inChunks } from '../../aggregator/export/formats.ts';
import { comparisonHtml } from '../../aggregator/export/html.ts';
import type { CompareOptions } from '../../aggregator/query/compare.ts';
import { compareRuns, type SideExpressions } from '../../aggregator/query/compare-runs.ts';
import { readDeviations } from '../../aggregator/query/deviation.ts';
import { readFindings } from '../../aggregator/query/findings/findings.ts';
import { judgedView } from '../../aggregator/query/judge-run.ts';
import { listRuns } from '../../aggregator/query/list-runs.ts';
import { patchRun, refuseRunning } from '../../aggregator/query/patch-run.ts';
import { readPhases } from '../../aggregator/query/phases.ts';
import { readSeries } from '../../aggregator/query/read-series.ts';
import { resolveRun } from '../../aggregator/query/resolve-run.ts';
import { workloadNeeds } from '../../aggregator/query/rightsize/workload-needs.ts';
import { readWallSplit } from '../../aggregator/query/wall-split.ts';
import type { RunRecord } from '../../aggregator/store/model.ts';
import type { ExportFormat, RunPatch, SeriesQuery } from '../../protocol/query.ts';
import type { RunsQuery } from '../../protocol/run-list.ts';
import { type History, processesOf, viewOf } from '../history.ts';
import { pageFolder } from '../package.ts';
import type { HistoryClient } from './history-client.ts';

export class LocalHistoryClient implements HistoryClient {
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  async runs(query: RunsQuery) {
    const { store, stateOf } = this.#history;
    const { workload } = query;
    return listRuns(store.runs(workload === undefined ? {} : { workload }), query, stateOf);
  }

  async run(reference: string) {
    const { store, stateOf } = this.#history;
    return judgedView({ index: store, stateOf }, this.#record(reference));
  }

  async processes(reference: string) {
    return processesOf(this.#history, this.#record(reference));
  }

  async findings(reference: string) {
    const { store, stateOf } = this.#history;
    return readFindings(store, stateOf, this.#record(reference));
  }

  async phases(reference: string) {
    return readPhases(this.#history.store, this.#record(reference));
  }

  async wallSplit(reference: string) {
    return readWallSplit(this.#history.store, this.#record(reference));
  }

  async series(reference: string, query: SeriesQuery) {
    return readSeries(this.#history.store, this.#record(reference), query);
  }

  async events(reference: string) {
    return this.#history.store.directory(this.#record(reference).id).events;
  }

  async deviations(reference: string) {
    const { store, stateOf } = this.#history;
    return readDeviations(store, stateOf, this.#record(reference));
  }

  async compare(sides: SideExpressions, options: CompareOptions) {
    const { store, stateOf } = this.#history;
    return compareRuns(store, stateOf, sides, options);
  }

  async *compareAsFile(sides: SideExpressions, options: CompareOptions) {
    const { store, stateOf } = this.#history;
    const comparison = await compareRuns(store, stateOf, sides, options);
    yield* inChunks(comparisonHtml(store, stateOf, comparison, pageFolder()));
  }

  async needs(workload: string, runs: number) {
    const { store, stateOf } = this.#history;
    return workloadNeeds(store, stateOf, workload, runs);
  }

  async *export(reference: string, format: ExportFormat) {
    const { store, stateOf } = this.#history;
    const exported = exportedRun(store, stateOf, this.#record(reference));
    yield* inChunks(exportForms[format].write(exported, pageFolder()));
  }

  async update(reference: string, patch: RunPatch) {
    const { id } = this.#record(reference);
    const changed = await this.#history.store.update(id, (record) => patchRun(record, patch));
    return viewOf(this.#history, changed);
  }

  async remove(reference: string) {
    const record = this.#record(reference);
    refuseRunning(viewOf(this.#history, record));
    await this.#history.store.remove(record.id);
  }

  backup(file: string) {
    return this.#history.store.backup(file);
  }

  #record(reference: string): RunRecord {
    return resolveRun(this.#history.store, reference);
  }
}
