/** The figures of a run that its record alone gives; used by the list of runs and by one run's head. */
import type { RunView } from '../../../protocol/query.ts';
import { bytes, cores, count, duration, listed, said, shown } from '../format.ts';

export function cpuSeconds({ measures }: RunView): number | undefined {
  if (measures.cpuUserSeconds === undefined && measures.cpuSystemSeconds === undefined) return undefined;
  return (measures.cpuUserSeconds ?? 0) + (measures.cpuSystemSeconds ?? 0);
}

/** CPU time ÷ wall time. */
export function averageCores(run: RunView): number | undefined {
  const cpu = cpuSeconds(run);
  const wall = run.measures.wallSeconds;
  return cpu === undefined || !wall ? undefined : cpu / wall;
}

/** The sum of what is known; undefined where nothing is. */
export function known(...values: readonly (number | undefined)[]): number | undefined {
  const present = values.filter((value) => value !== undefined);
  return present.length === 0 ? undefined : present.reduce((sum, value) => sum + value, 0);
}

export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly detail?: string | undefined;
}

/** The head of a run's view. */
export function headFigures(run: RunView): Figure[] {
  const m = run.measures;
  return [
    { label: 'wall time', value: shown(m.wallSeconds, duration) },
    {
      label: 'CPU time',
      value: shown(cpuSeconds(run), duration),
      detail: listed(
        said(m.cpuUserSeconds, (value) => `user ${duration(value)}`),
        said(m.cpuSystemSeconds, (value) => `system ${duration(value)}`),
      ),
    },
    {
      label: 'cores',
      value: shown(averageCores(run), cores),
      detail: listed(
        said(averageCores(run), () => 'average'),
        said(m.peakCores, (value) => `peak ${cores(value)}`),
      ),
    },
    {
      label: 'peak memory',
      value: shown(m.peakRssBytes, bytes),
      detail: listed(
        said(m.peakProcessRssBytes, (value) => `largest process ${bytes(value)}`),
        said(m.peakPssBytes, (value) => `PSS ${bytes(value)}`),
      ),
    },
    {
      label: 'storage',
      value: shown(m.readBytes, (value) => `${bytes(value)} read`),
      detail: said(m.writeBytes, (value) => `${bytes(value)} written`),
    },
    {
      label: 'switches',
      value: shown(known(m.voluntarySwitches, m.involuntarySwitches), count),
      detail: said(m.involuntarySwitches, (value) => `${count(value)} involuntary`),
    },
    {
      label: 'processes',
      value: shown(m.processes, count),
      detail: said(m.shortLivedCpuSeconds, (value) => `${duration(value)} CPU short-lived`),
    },
    {
      label: 'samples',
      value: shown(m.samples, count),
      detail: listed(
        `every ${duration(run.intervalMs / 1000)}`,
        said(m.gaps, (value) => `${count(value)} missed`),
      ),
    },
  ];
}
