/** What an agent without an aggregator prints at its end: a table for people, and one line for machines. */
import type { AgentResult } from '../../agent/main.ts';
import { unitValue } from '../../aggregator/query/unit-value.ts';
import { type MeasureValues, measures } from '../../protocol/measures.ts';
import type { Output } from '../command.ts';
import { painter } from '../terminal/colour.ts';
import { duration } from '../terminal/format.ts';
import { renderTable, type TableStyle } from '../terminal/table.ts';
import { printable } from '../terminal/width.ts';
import { labelledLines } from './labelled-lines.ts';
import { runFigures } from './run-figures.ts';

export function podSummary({ totals, containers }: AgentResult, output: Output): string {
  const paint = painter(output.colour);
  const style: TableStyle = { width: output.columns, paint, indent: '  ' };
  const values = valuesOf(totals.toMap());
  const spans = containers.map(({ name, startMs, lastEndMs, living }) => ({
    name,
    wallSeconds: living > 0 ? undefined : Math.round(Math.max(0, lastEndMs - startMs)) / 1000,
  }));
  const table = renderTable(
    spans,
    [
      { title: 'container', cell: ({ name }) => printable(name) },
      {
        title: 'wall time',
        cell: ({ wallSeconds }) => (wallSeconds === undefined ? 'still runs' : duration(wallSeconds)),
        align: 'right',
      },
    ],
    style,
  );
  const json = JSON.stringify({ podometer: 'summary', measures: values, containers: spans });
  return `${labelledLines(runFigures(values), style)}${table}${json}\n`;
}

/** `totals`: measure id → integer. */
function valuesOf(totals: ReadonlyMap<number, number>): MeasureValues {
  const known = measures.flatMap(({ id, name, scale }) => {
    const value = totals.get(id);
    return value === undefined ? [] : [[name, unitValue(value, { scale })] as const];
  });
  return Object.fromEntries(known);
}
