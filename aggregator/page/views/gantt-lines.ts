/** The lines of a Gantt from top to bottom. Everything here is pure. */
import type { ProcessView } from '../../../protocol/query.ts';
import { placeNames } from '../charts/process-places.ts';
import { type ProcessRow, processRows } from './process-rows.ts';

export interface GanttProcess extends ProcessRow {
  /** Among the processes, from 0. */
  readonly option: number;
  /** Among all lines, from 0. */
  readonly line: number;
  readonly place: string | undefined;
}

export interface GanttHeading {
  readonly line: number;
  readonly place: string;
}

export interface GanttLines {
  readonly lines: readonly (GanttProcess | GanttHeading)[];
  readonly processes: readonly GanttProcess[];
}

/** In the order of starts, children below their parents; where a run has several pods or containers, each below its name. */
export function ganttLines(processes: readonly ProcessView[]): GanttLines {
  const nameOf = placeNames(processes);
  const inOrder = processes.toSorted((a, b) => a.startMs - b.startMs);
  const lines: (GanttProcess | GanttHeading)[] = [];
  const options: GanttProcess[] = [];
  for (const [place, own] of Map.groupBy(inOrder, nameOf)) {
    if (place !== undefined) lines.push({ line: lines.length, place });
    const order = { value: ({ startMs }: ProcessView) => startMs, descending: false, nested: true };
    for (const row of processRows(own, order)) {
      const process = { ...row, option: options.length, line: lines.length, place };
      options.push(process);
      lines.push(process);
    }
  }
  return { lines, processes: options };
}
