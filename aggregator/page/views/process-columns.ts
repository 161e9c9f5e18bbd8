import type { ProcessView } from '../../../protocol/query.ts';
import { cpuSecondsOf } from '../charts/chosen-processes.ts';
import { bytes, count, duration, shown } from '../format.ts';
import type { SortValue } from './process-rows.ts';
import { known } from './run-figures.ts';

export interface ProcessColumn {
  readonly label: string;
  /** What the figure is, for the heading's tooltip. */
  readonly title: string;
  readonly numeric: boolean;
  /** Left out on a narrow screen until it is asked for. */
  readonly isLesser: boolean;
  readonly value: (process: ProcessView) => SortValue;
  readonly text: (process: ProcessView) => string;
}

function figure(
  label: string,
  title: string,
  value: (process: ProcessView) => number | undefined,
  format: (value: number) => string,
): ProcessColumn {
  return {
    label,
    title,
    numeric: true,
    isLesser: true,
    value,
    text: (process) => shown(value(process), format),
  };
}

/** A column for every screen. */
function chief(column: ProcessColumn): ProcessColumn {
  return { ...column, isLesser: false };
}

function words(label: string, title: string, value: (process: ProcessView) => string): ProcessColumn {
  return { label, title, numeric: false, isLesser: true, value, text: value };
}

/**
 * The columns after the process's name.
 *
 * @param extentMs the end of what is known, for processes that still live; ms since the start of the run
 */
export function processColumns(processes: readonly ProcessView[], extentMs: number): ProcessColumn[] {
  const severalMembers = new Set(processes.map((process) => process.member)).size > 1;
  const hasContainers = processes.some((process) => process.container !== undefined);
  return [
    figure('PID', 'Process id', (process) => process.pid, String),
    ...(severalMembers ? [words('Member', 'Pod', (process) => process.member)] : []),
    ...(hasContainers ? [words('Container', 'Container', (process) => process.container ?? '')] : []),
    figure('Start', 'Since the start of the run', ({ startMs }) => startMs / 1000, duration),
    chief(
      figure(
        'Wall',
        'From its start to its end',
        (p) => ((p.endMs ?? extentMs) - p.startMs) / 1000,
        duration,
      ),
    ),
    chief(figure('CPU', 'CPU time in user and kernel mode', cpuSecondsOf, duration)),
    figure(
      'Short-lived',
      'CPU time of reaped children that no sample saw',
      (p) => p.shortLivedCpuSeconds,
      duration,
    ),
    chief(figure('Peak memory', 'Largest resident set', (p) => p.peakRssBytes, bytes)),
    figure('Read', 'Bytes fetched from storage', (p) => p.readBytes, bytes),
    figure('Written', 'Bytes sent to storage', (p) => p.writeBytes, bytes),
    figure('Switches', 'Context switches', (p) => known(p.voluntarySwitches, p.involuntarySwitches), count),
    {
      label: 'Exit',
      title: 'Exit code, where it is known',
      numeric: true,
      isLesser: true,
      value: (process) => process.exitCode,
      text: (process) => (process.endMs === undefined ? 'running' : shown(process.exitCode, String)),
    },
  ];
}

export function columnLook({ numeric, isLesser }: ProcessColumn): string {
  return [...(numeric ? ['number'] : []), ...(isLesser ? ['lesser'] : [])].join(' ');
}
