/** Which MetricSet a pod's run answers: the one that its annotation names, else the oldest that selects it. */
import type { MetricSetFacts } from './facts.ts';

export interface MetricSetChoice {
  readonly chosen: MetricSetFacts | undefined;
  readonly warnings: readonly string[];
}

/** `sets`: oldest first. */
export function chooseMetricSet(
  sets: readonly MetricSetFacts[],
  named: string | undefined,
  labels: Readonly<Record<string, string>>,
): MetricSetChoice {
  const byName = sets.find(({ name }) => name === named);
  if (byName !== undefined) return { chosen: byName, warnings: [] };
  const missing = named === undefined ? [] : [`there is no MetricSet ${named} in this namespace`];
  const [oldest, ...younger] = sets.filter((set) => selects(set, labels));
  if (oldest === undefined || younger.length === 0) return { chosen: oldest, warnings: missing };
  const others = younger.map(({ name }) => name).join(', ');
  const sentence = `MetricSet ${oldest.name}, the oldest that selects this pod, is taken, and not ${others}`;
  return { chosen: oldest, warnings: [...missing, sentence] };
}

function selects({ matchLabels }: MetricSetFacts, labels: Readonly<Record<string, string>>): boolean {
  if (matchLabels === undefined) return false;
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
}
