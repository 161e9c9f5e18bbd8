/** What a tool reported of a run, or the program said of itself. */
import type { RunView } from '../../protocol/query.ts';
import { inUnit } from '../terminal/format.ts';
import { renderTable, type TableStyle } from '../terminal/table.ts';

/** Empty where there are no results. */
export function resultTable(results: RunView['results'], style: TableStyle): string {
  if (results === undefined) return '';
  return renderTable(
    results,
    [
      { title: '', cell: ({ name }) => name, leastWidth: 20 },
      { title: '', cell: ({ unit, value }) => inUnit(unit)(value), align: 'right' },
    ],
    { ...style, titles: false },
  );
}
