import { PodometerError } from '../../../protocol/errors.ts';
import type { Finding } from '../../../protocol/findings.ts';
import type { Workload } from '../../../protocol/run.ts';
import type { Store } from '../../store/model.ts';
import { resolveRun } from '../resolve-run.ts';
import { runRef, type StateOf } from '../run-view.ts';
import { goodRuns } from '../select-runs.ts';
import {
  adviceFor,
  type ContainerAdvice,
  DEFAULT_HEADROOM,
  oversizedRequests,
  type Resources,
} from './advice.ts';
import { containerNeeds, readContainerSamples } from './container-need.ts';
import { setResources } from './set-resources.ts';

const DEFAULT_RUNS = 10;

export interface RightsizeRequest {
  /** How many of the newest good runs count. */
  readonly runs?: number | undefined;
  /** Above the peak, as a share. */
  readonly headroom?: number | undefined;
  /** What a manifest sets, by container; by default what the pods of the newest of those runs had. */
  readonly set?: ReadonlyMap<string, Resources> | undefined;
}

export interface RightsizedWorkload {
  readonly workload: Workload;
  /** Newest first. */
  readonly runs: readonly string[];
  /** As a share. */
  readonly headroom: number;
  readonly containers: readonly ContainerAdvice[];
  readonly findings: readonly Finding[];
}

/**
 * The requests and limits that a workload's runs would have needed. Throws PODO_RUN_NOT_FOUND with the names that may have
 * been meant, and PODO_BAD_REQUEST where no container was measured.
 */
export function rightsizeWorkload(
  store: Store,
  stateOf: StateOf,
  name: string,
  { runs = DEFAULT_RUNS, headroom = DEFAULT_HEADROOM, set }: RightsizeRequest,
): RightsizedWorkload {
  const newest = resolveRun(store, `${name}@latest`);
  const records = goodRuns({ index: store, stateOf }, name, { most: runs, before: [] });
  const needs = containerNeeds(readContainerSamples(store, records));
  if (needs.length === 0) {
    throw new PodometerError(
      'PODO_BAD_REQUEST',
      `No container of ${name} was measured in its ${records.length} newest good runs`,
      'Right-sizing needs good runs in pods, with the metric pressure, which is measured by default.',
    );
  }
  const containers = adviceFor(needs, set ?? setResources(records[0] ?? {}), headroom);
  return {
    workload: newest.workload,
    runs: records.map(runRef),
    headroom,
    containers,
    findings: oversizedRequests(containers),
  };
}
