/** The processes of a run that used the most CPU, below those that started them. */
import { type ProcessRow, processRows } from '../../aggregator/page/views/process-rows.ts';
import type { ProcessView } from '../../protocol/query.ts';
import { bytes, duration, shown } from '../terminal/format.ts';
import { renderTable, type TableColumn, type TableStyle } from '../terminal/table.ts';

/** CPU time of a process, its share of short-lived children included. */
export function processCpuSeconds(process: ProcessView): number {
  const { cpuUserSeconds = 0, cpuSystemSeconds = 0, shortLivedCpuSeconds = 0 } = process;
  return cpuUserSeconds + cpuSystemSeconds + shortLivedCpuSeconds;
}

/** A table of the first `most` targets by CPU, and a line on those that are not in it. */
export function processTree(processes: readonly ProcessView[], most: number, style: TableStyle): string {
  const targets = processes
    .filter((process) => process.role === 'target')
    .toSorted((a, b) => processCpuSeconds(b) - processCpuSeconds(a));
  const chosen = targets.slice(0, most);
  const rows = processRows(withChosenParents(chosen, processes), {
    value: processCpuSeconds,
    descending: true,
    nested: true,
  });
  return `${renderTable(rows, columns, style)}${leftOut(targets.slice(most), style)}`;
}

/** Each below its nearest ancestor that is shown as well. */
function withChosenParents(chosen: readonly ProcessView[], all: readonly ProcessView[]): ProcessView[] {
  const byKey = new Map(all.map((process) => [process.key, process]));
  const shownKeys = new Set(chosen.map((process) => process.key));
  return chosen.map(({ parent, ...process }) => {
    // Parents are what an agent said: a circle of them must not hold us.
    const seen = new Set<string>([process.key]);
    let ancestor = parent;
    while (ancestor !== undefined && !shownKeys.has(ancestor) && !seen.has(ancestor)) {
      seen.add(ancestor);
      ancestor = byKey.get(ancestor)?.parent;
    }
    return ancestor !== undefined && shownKeys.has(ancestor) ? { ...process, parent: ancestor } : process;
  });
}

const columns: readonly TableColumn<ProcessRow>[] = [
  {
    title: 'PROCESS',
    cell: ({ process, depth }) => `${'  '.repeat(depth)}${process.args ?? process.comm}`,
    leastWidth: 16,
  },
  { title: 'PID', cell: ({ process }) => String(process.pid), align: 'right', dropRank: 5 },
  { title: 'WALL', cell: ({ process }) => wallText(process), align: 'right', dropRank: 2 },
  {
    title: 'CPU',
    cell: ({ process }) => duration(processCpuSeconds(process)),
    align: 'right',
  },
  {
    title: 'SHORT-LIVED',
    cell: ({ process }) => shown(process.shortLivedCpuSeconds, duration),
    align: 'right',
    dropRank: 6,
  },
  {
    title: 'PEAK MEM',
    cell: ({ process }) => shown(process.peakRssBytes, bytes),
    align: 'right',
    dropRank: 1,
  },
  {
    title: 'READ',
    cell: ({ process }) => shown(process.readBytes, bytes),
    align: 'right',
    dropRank: 4,
  },
  {
    title: 'WRITTEN',
    cell: ({ process }) => shown(process.writeBytes, bytes),
    align: 'right',
    dropRank: 3,
  },
  {
    title: 'EXIT',
    cell: ({ process }) => String(process.exitCode ?? '-'),
    align: 'right',
    dropRank: 7,
  },
];

/** How long it lived within the run. */
function wallText({ startMs, endMs }: ProcessView): string {
  return endMs === undefined ? '-' : duration((endMs - Math.max(0, startMs)) / 1000);
}

function leftOut(rest: readonly ProcessView[], { indent = '', paint }: TableStyle): string {
  if (rest.length === 0) return '';
  const cpu = rest.reduce((sum, process) => sum + processCpuSeconds(process), 0);
  const what = rest.length === 1 ? '1 more process' : `${rest.length} more processes`;
  return `${indent}${paint('quiet', `and ${what} with ${duration(cpu)} of CPU`)}\n`;
}
