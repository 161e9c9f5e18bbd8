/** The results of several runs of one tool, side by side. */
import { median, spread } from '../../aggregator/query/statistics/quantile.ts';
import type { RunView } from '../../protocol/query.ts';
import type { Output } from '../command.ts';
import { painter } from '../terminal/colour.ts';
import { inUnit, shown } from '../terminal/format.ts';
import { renderTable } from '../terminal/table.ts';

interface Repeated {
  readonly name: string;
  readonly unit: string;
  /** In the order of the runs. */
  readonly values: readonly (number | undefined)[];
}

export function repeatedResults(runs: readonly RunView[], output: Output): string {
  const rows = repeatedOf(runs);
  const known = ({ values }: Repeated): number[] => values.filter((value) => value !== undefined);
  return renderTable(
    rows,
    [
      { title: 'RESULT', cell: ({ name }) => name, leastWidth: 20 },
      ...runs.map(({ ref }, i) => ({
        title: ref,
        cell: ({ unit, values }: Repeated) => shown(values[i], inUnit(unit)),
        align: 'right' as const,
        dropRank: 1,
      })),
      { title: 'MEDIAN', cell: (row) => inUnit(row.unit)(median(known(row))), align: 'right' },
      { title: '±', cell: (row) => inUnit(row.unit)(spread(known(row))), align: 'right' },
    ],
    { width: output.columns, paint: painter(output.colour) },
  );
}

function repeatedOf(runs: readonly RunView[]): Repeated[] {
  const byRun = runs.map(({ results = [] }) => new Map(results.map((result) => [result.name, result])));
  const first = new Map(byRun.flatMap((results) => [...results]));
  return [...first.values()].map(({ name, unit }) => ({
    name,
    unit,
    values: byRun.map((results) => results.get(name)?.value),
  }));
}
