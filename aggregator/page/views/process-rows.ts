/** Order of the process table. Everything here is pure. */
import type { ProcessView } from '../../../protocol/query.ts';

export type SortValue = number | string | undefined;

export interface ProcessOrder {
  readonly value: (process: ProcessView) => SortValue;
  readonly descending: boolean;
  /** Children stand below their parent; the order holds among those of one parent. */
  readonly nested: boolean;
}

export interface ProcessRow {
  readonly process: ProcessView;
  /** 0 for a process without a parent in the run. */
  readonly depth: number;
}

/** Those whose name, arguments or container hold all of the words; a word may also be the pid. */
export function foundProcesses(processes: readonly ProcessView[], words = ''): readonly ProcessView[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return processes;
  return processes.filter(({ comm, args, container, pid }) => {
    const text = [comm, args, container].join(' ').toLowerCase();
    return wanted.every((word) => text.includes(word) || word === String(pid));
  });
}

export function processRows(processes: readonly ProcessView[], order: ProcessOrder): ProcessRow[] {
  const sorted = processes.toSorted((a, b) => compare(order.value(a), order.value(b), order.descending));
  if (!order.nested) return sorted.map((process) => ({ process, depth: 0 }));
  const keys = new Set(processes.map((process) => process.key));
  const children = Map.groupBy(sorted, ({ parent }) =>
    parent !== undefined && keys.has(parent) ? parent : '',
  );
  const rows: ProcessRow[] = [];
  const pending = (children.get('') ?? []).map((process) => ({ process, depth: 0 })).toReversed();
  for (let row = pending.pop(); row; row = pending.pop()) {
    rows.push(row);
    const below = (children.get(row.process.key) ?? []).toReversed();
    for (const process of below) pending.push({ process, depth: row.depth + 1 });
  }
  return rows;
}

/** Absent values come last in either direction. */
function compare(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const ascending =
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return descending ? -ascending : ascending;
}
