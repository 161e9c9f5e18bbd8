import type { Finding } from '../../../protocol/findings.ts';
import type { RunRecord } from '../../store/model.ts';
import { adviceFor, DEFAULT_HEADROOM, oversizedRequests } from './advice.ts';
import { type ContainerSamples, containerNeeds } from './container-need.ts';
import { withSetResources } from './set-resources.ts';

/** With fewer readings a peak says little. */
const FEWEST_SAMPLES = 60;

/** Requests of this run's pods that lie far above what it used. */
export function requestFindings(record: Pick<RunRecord, 'pods'>, samples: ContainerSamples): Finding[] {
  if (record.pods === undefined) return [];
  const needs = containerNeeds([samples]).filter((need) => need.samples >= FEWEST_SAMPLES);
  return oversizedRequests(adviceFor(withSetResources(needs, record), new Map(), DEFAULT_HEADROOM));
}
