/** Which MetricSet a pod's run answers: the one that its annotation names, else the oldest that selects it. */
import type { MetricSetFacts } from './facts.ts';
import { selectorMatches } from './label-selector.ts';

export interface MetricSetChoice {
  readonly chosen: MetricSetFacts | undefined;
  readonly warnings: readonly string[];
}

/** `sets`: the namespace's, oldest first. One that is not understood is never taken. */
export function chooseMetricSet(
  sets: readonly MetricSetFacts[],
  named: string | undefined,
  labels: Readonly<Record<string, string>>,
): MetricSetChoice {
  const byName = named === undefined ? undefined : sets.find(({ name }) => name === named);
  if (byName?.problems.length === 0) return { chosen: byName, warnings: [] };
  const notTaken = named === undefined ? [] : [whyNot(named, byName)];
  const [oldest, ...younger] = sets.filter((set) => selects(set, labels));
  if (oldest === undefined || younger.length === 0) return { chosen: oldest, warnings: notTaken };
  const others = younger.map(({ name }) => name).join(', ');
  const sentence = `MetricSet ${oldest.name}, the oldest that selects this pod, is taken, and not ${others}`;
  return { chosen: oldest, warnings: [...notTaken, sentence] };
}

function selects({ selector, problems }: MetricSetFacts, labels: Readonly<Record<string, string>>): boolean {
  return selector !== undefined && problems.length === 0 && selectorMatches(selector, labels);
}

function whyNot(named: string, found: MetricSetFacts | undefined): string {
  const [problem] = found?.problems ?? [];
  return problem === undefined
    ? `there is no MetricSet ${named} in this namespace`
    : `MetricSet ${named} is not understood and not taken: ${problem}`;
}
