import { PodometerError } from '../../../protocol/errors.ts';
import type { WorkloadNeeds } from '../../../protocol/needs.ts';
import type { RunRecord, Store } from '../../store/model.ts';
import { resolveRun } from '../resolve-run.ts';
import { runRef, type StateOf } from '../run-view.ts';
import { goodRuns } from '../select-runs.ts';
import { type ContainerSamples, containerNeeds, readContainerSamples } from './container-need.ts';
import { withSetResources } from './set-resources.ts';

/**
 * What the containers of a workload needed in its newest `most` good runs, beside what its pods set. Throws PODO_RUN_NOT_FOUND with the names that
 * may have been meant, and PODO_BAD_REQUEST where no container was measured.
 */
export function workloadNeeds(store: Store, stateOf: StateOf, name: string, most: number): WorkloadNeeds {
  const newest = resolveRun(store, `${name}@latest`);
  const records = goodRuns({ index: store, stateOf }, name, { most, before: [] });
  const containers = containerNeeds(readAll(store, records));
  if (containers.length === 0) {
    throw new PodometerError(
      'PODO_BAD_REQUEST',
      `No container of ${name} was measured in its ${records.length} newest good runs`,
      'Right-sizing needs good runs in pods, with the metric pressure, which is measured by default.',
    );
  }
  return {
    workload: newest.workload,
    runs: records.map(runRef),
    containers: withSetResources(containers, records[0] ?? {}),
  };
}

function* readAll(store: Store, records: readonly RunRecord[]): Generator<ContainerSamples> {
  for (const record of records) yield readContainerSamples(store, record);
}
