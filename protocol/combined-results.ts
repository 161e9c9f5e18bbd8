/** The results of a run from those of its members. */
import type { RunResult } from './results.ts';

export type CombinedResult = Omit<RunResult, 'combine'>;

/** In the order in which the members have them; what is said of a result is what the first member says of it. */
export function combinedResults(
  members: readonly { readonly results?: readonly RunResult[] | undefined }[],
): CombinedResult[] {
  const all = members.flatMap(({ results = [] }) => results);
  if (all.length === 0) return [];
  return [...Map.groupBy(all, ({ name }) => name).values()].map((same) => {
    const [{ combine, ...first }] = same as [RunResult];
    const values = same.map(({ value }) => value);
    return { ...first, value: combined(combine, values) };
  });
}

function combined(how: RunResult['combine'], values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (how) {
    case 'sum':
      return sum;
    case 'mean':
      return sum / values.length;
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
  }
}
