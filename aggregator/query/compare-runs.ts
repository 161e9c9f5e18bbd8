/** A comparison of what two expressions name, read from a store. */
import { setImmediate } from 'node:timers/promises';
import type { CompareAnswer } from '../../protocol/comparison.ts';
import type { RunRecord, Store } from '../store/model.ts';
import { withPhases } from './attribution/in-phases.ts';
import { type CompareOptions, compareSides } from './compare.ts';
import { readContainerUses } from './container-uses.ts';
import { earlierMeasures } from './history.ts';
import { comparePhases } from './phase-comparison.ts';
import { readPhases } from './phases.ts';
import { runView, type StateOf } from './run-view.ts';
import { type SelectedSide, selectSides } from './select-runs.ts';
import type { ComparedRun, SideInput } from './side.ts';
import { readProcesses } from './summary.ts';

export interface SideExpressions {
  readonly a: string;
  readonly b: string;
}

/**
 * Between runs it lets other work of this process go on: a side may have a hundred. Rejects with PODO_RUN_NOT_FOUND and
 * PODO_BAD_REQUEST (see `selectRuns` and `sideOf`).
 */
export async function compareRuns(
  store: Store,
  stateOf: StateOf,
  expressions: SideExpressions,
  options: CompareOptions = {},
): Promise<CompareAnswer> {
  const { a, b } = selectSides({ index: store, stateOf }, expressions.a, expressions.b);
  const taken = new Set([...a.records, ...b.records].map(({ id }) => id));
  const earlier = earlierMeasures(store, b.records[0], stateOf, taken);
  const sideA = await sideInput(store, stateOf, a);
  const sideB = await sideInput(store, stateOf, b);
  const answer = compareSides(sideA, sideB, earlier, options);
  const standing = { a: store.run(answer.a.id), b: store.run(answer.b.id) };
  if (standing.a === undefined || standing.b === undefined) return answer;
  const runs = { a: standing.a, b: standing.b };
  const phases = comparePhases(readPhases(store, runs.a), readPhases(store, runs.b), leastWallChange(answer));
  if (phases === undefined) return answer;
  return { ...answer, attributions: withPhases(store, answer.attributions, runs, phases.pairs), phases };
}

/** The smallest change in wall time that a phase is named for; one that is noise is put down to nothing. */
function leastWallChange({ measures, settings }: CompareAnswer): number {
  const wall = measures.find(({ measure }) => measure === 'wallSeconds');
  const isNoise = wall?.verdict === 'noise' || wall?.verdict === 'negligible';
  return isNoise ? Number.POSITIVE_INFINITY : settings.effect;
}

async function sideInput(
  store: Store,
  stateOf: StateOf,
  { label, records }: SelectedSide,
): Promise<SideInput> {
  const runs: ComparedRun[] = [];
  for (const record of records) {
    runs.push(comparedRun(store, stateOf, record));
    await setImmediate();
  }
  return { label, runs };
}

const NOT_COMPARED = ['peakPssBytes', 'peakThreads', 'peakOpenFiles'] as const;

function comparedRun(store: Store, stateOf: StateOf, record: RunRecord): ComparedRun {
  return {
    run: runView(record, stateOf(record)),
    processes: readProcesses(store, record, NOT_COMPARED),
    containers: readContainerUses(store, record),
  };
}
