/** The columns of the list of runs. */
import type { RunFigure, RunSortKey } from '../../../protocol/run-choices.ts';
import { bytes, cores, duration } from '../format.ts';

export interface FigureColumn {
  readonly label: string;
  readonly format: (value: number) => string;
  /** Class of its cells. */
  readonly look: string;
}

export const figureColumns: Readonly<Record<RunFigure, FigureColumn>> = {
  wallSeconds: { label: 'Wall', format: duration, look: 'number duration' },
  cpuSeconds: { label: 'CPU', format: duration, look: 'number duration' },
  averageCores: { label: 'Cores', format: cores, look: 'number cores' },
  peakRssBytes: { label: 'Peak memory', format: bytes, look: 'number' },
  readBytes: { label: 'Read', format: bytes, look: 'number' },
  writeBytes: { label: 'Written', format: bytes, look: 'number' },
};

export interface RunColumn {
  readonly label: string;
  readonly look: string;
  /** By which it can be sorted. */
  readonly sort?: RunSortKey;
}

/** After the choice. */
export const runColumns: readonly RunColumn[] = [
  { label: 'Run', look: 'name' },
  { label: 'State', look: 'outcome' },
  { label: 'Started', look: 'started', sort: 'startedAt' },
  { label: 'Last 20 runs', look: 'trend' },
  ...Object.entries(figureColumns).map(([key, { label, look }]) => ({
    label,
    look,
    sort: key as RunFigure,
  })),
  { label: 'Tags', look: 'tagged' },
];
