/** What happened during a run: gaps, changes of the interval, programs that became others, kills, restarts, evictions, warnings. */
import type { RunEvent } from '../../protocol/run.ts';
import { duration } from '../terminal/format.ts';
import { renderTable, type TableColumn, type TableStyle } from '../terminal/table.ts';

const MOST_EVENTS = 20;

/** Empty where nothing happened. */
export function eventTable(events: readonly RunEvent[], style: TableStyle): string {
  if (events.length === 0) return '';
  const { indent = '', paint } = style;
  const more = events.length - MOST_EVENTS;
  const rest = more > 0 ? `${indent}${paint('quiet', `and ${more} more; --json shows all`)}\n` : '';
  const table = renderTable(events.slice(0, MOST_EVENTS), columns, { ...style, titles: false });
  return `${paint('heading', 'Events')}\n${table}${rest}`;
}

const columns: readonly TableColumn<RunEvent>[] = [
  { title: '', cell: ({ atMs }) => `at ${duration(atMs / 1000)}`, align: 'right' },
  { title: '', cell: ({ kind }) => ({ text: kind, meaning: 'caution' }) },
  { title: '', cell: ({ message }) => message, leastWidth: 20 },
];
