/** Runs made of measures and processes alone, and what their difference is put down to. */
import { attributions } from '../../../../aggregator/query/attribution/attribution.ts';
import type { ContainerUse } from '../../../../aggregator/query/container-uses.ts';
import { judgeMeasures } from '../../../../aggregator/query/judge-measures.ts';
import { runView } from '../../../../aggregator/query/run-view.ts';
import type { ComparedRun } from '../../../../aggregator/query/side.ts';
import type { Attribution } from '../../../../protocol/comparison.ts';
import type { MeasureValues } from '../../../../protocol/measures.ts';
import type { ProcessView } from '../../../../protocol/query.ts';
import { run } from '../../fake-store.ts';
import type { GeneratedPair } from './generated-runs.ts';

const settings = { alpha: 0.05, effect: 0.03, confidence: 0.95, resamples: 10, seed: 1, leaveOut: [] };

export function compared(
  measures: MeasureValues,
  processes: readonly ProcessView[],
  containers: readonly ContainerUse[] = [],
): ComparedRun {
  return { run: { ...runView(run(1), 'finished'), measures }, processes, containers };
}

export function explained(a: ComparedRun, b: ComparedRun): Attribution[] {
  const measures = judgeMeasures([a.run.measures], [b.run.measures], settings);
  return attributions(measures, { runs: [a], typical: a }, { runs: [b], typical: b }, 0.03);
}

/** Whether the process that was slowed is named, in its place and alone. */
export function namesSlowed({ a, b, wallA, wallB, slowed }: GeneratedPair): boolean {
  const [answer] = explained(compared({ wallSeconds: wallA }, a), compared({ wallSeconds: wallB }, b));
  const [cause, ...others] = answer?.causes ?? [];
  const isPlace = slowed.of === 1 ? cause?.place === undefined : cause?.place === slowed.place;
  return cause?.comm === slowed.comm && others.length === 0 && isPlace;
}
