/** What a person is told when a run has ended: a few lines on stderr. */

import type { MeasureHistory } from '../../aggregator/query/history.ts';
import { cpuSecondsOf } from '../../aggregator/query/run-view.ts';
import type { Deviation } from '../../protocol/deviation.ts';
import type { MeasureName, MeasureValues } from '../../protocol/measures.ts';
import type { ProcessView, RunView } from '../../protocol/query.ts';
import type { Output } from '../command.ts';
import { judgementLines } from '../report/judgement-lines.ts';
import { resultTable } from '../report/result-table.ts';
import { threadShares, waitShares } from '../report/thread-shares.ts';
import { type Paint, painter } from '../terminal/colour.ts';
import { bytes, change, cores, count, duration, shown } from '../terminal/format.ts';
import { type Cell, renderTable } from '../terminal/table.ts';
import { printable } from '../terminal/width.ts';

export interface RunSummary {
  readonly run: RunView;
  readonly deviations: readonly Deviation[];
  /** Of the CPU seconds of earlier runs, user and system together. */
  readonly cpuHistory?: MeasureHistory | undefined;
  readonly processes: readonly ProcessView[];
}

const TOP_PROCESSES = 5;
/** A smaller distance from the median is not worth a colour. */
const NOTABLE = 0.03;

interface Line {
  readonly label: string;
  readonly text: string;
  /** The measure whose history stands beside it. */
  readonly measure: MeasureName | undefined;
  /** The same, where the line is of more than one measure. */
  readonly usual?: Usual | undefined;
}

type Usual = Pick<Deviation, 'ratio' | 'history'>;

/** Lines with a line break after each. */
export function runSummary({ run, deviations, cpuHistory, processes }: RunSummary, output: Output): string {
  const paint = painter(output.colour);
  const head = `${paint('name', printable(run.ref))} ${outcome(run)}`;
  const table = renderTable(
    figures(run.measures, cpuHistory),
    [
      { title: '', cell: ({ label }) => label },
      { title: '', cell: ({ text }) => text },
      {
        title: '',
        cell: ({ measure, usual }) => against(usual ?? deviations.find((one) => one.measure === measure)),
      },
    ],
    { width: output.columns, paint, titles: false, indent: '  ' },
  );
  const results = resultTable(run.results, { width: output.columns, paint, indent: '  ' });
  return `${head}\n${table}${results}${judgementLines(run, output)}${topProcesses(processes, output, paint)}`;
}

function outcome({ outcome: ended, measures, state }: RunView): string {
  const wall = shown(measures.wallSeconds, duration);
  if (ended === undefined) return `${state} after ${wall}`;
  if (ended.signal !== undefined) return `was ended by ${ended.signal} after ${wall}`;
  if (ended.exitCode !== undefined) return `exited with ${ended.exitCode} after ${wall}`;
  return ended.reason === 'detached' ? `was measured for ${wall} and goes on` : `ended after ${wall}`;
}

function figures(measures: MeasureValues, cpuHistory: MeasureHistory | undefined): Line[] {
  const { wallSeconds, cpuUserSeconds, cpuSystemSeconds, shortLivedCpuSeconds = 0 } = measures;
  const cpu = cpuSecondsOf(measures);
  const average = cpu === undefined || !wallSeconds ? undefined : cpu / wallSeconds;
  const short = shortLivedCpuSeconds > 0 ? `, ${duration(shortLivedCpuSeconds)} of it short-lived` : '';
  const lines: (Line | undefined)[] = [
    { label: 'wall', text: shown(wallSeconds, duration), measure: 'wallSeconds' },
    {
      label: 'CPU',
      text: `${shown(cpuUserSeconds, duration)} user, ${shown(cpuSystemSeconds, duration)} system${short}`,
      measure: undefined,
      usual: cpu && cpuHistory?.median ? { ratio: cpu / cpuHistory.median, history: cpuHistory } : undefined,
    },
    {
      label: 'cores',
      text: `${shown(average, cores)} average, ${shown(measures.peakCores, cores)} peak`,
      measure: undefined,
    },
    {
      label: 'memory',
      text: `${shown(measures.peakRssBytes, bytes)} peak of all together`,
      measure: 'peakRssBytes',
    },
    pair('storage', ['read', measures.readBytes], ['written', measures.writeBytes], bytes, 'writeBytes'),
    pair('calls', ['read', measures.rcharBytes], ['written', measures.wcharBytes], bytes, undefined),
    pair(
      'switches',
      ['voluntary', measures.voluntarySwitches],
      ['involuntary', measures.involuntarySwitches],
      count,
      'voluntarySwitches',
    ),
    said('threads', threadShares(measures)),
    said('waits', waitShares(measures)),
    stretched(measures),
  ];
  return lines.filter((line) => line !== undefined);
}

function pair(
  label: string,
  [nameA, a]: readonly [string, number | undefined],
  [nameB, b]: readonly [string, number | undefined],
  format: (value: number) => string,
  measure: MeasureName | undefined,
): Line | undefined {
  if (a === undefined && b === undefined) return undefined;
  return { label, text: `${shown(a, format)} ${nameA}, ${shown(b, format)} ${nameB}`, measure };
}

function said(label: string, text: string | undefined): Line | undefined {
  return text === undefined ? undefined : { label, text, measure: undefined };
}

function stretched({ gaps = 0, intervalSeconds, samples }: MeasureValues): Line | undefined {
  const missed = gaps > 0 ? `, ${count(gaps)} missed` : '';
  const text = `${shown(samples, count)}, every ${shown(intervalSeconds, duration)}${missed}`;
  return { label: 'samples', text, measure: undefined };
}

function against(usual: Usual | undefined): Cell {
  if (usual?.ratio === undefined) return { text: '' };
  const { ratio, history } = usual;
  const runs = history.runs === 1 ? 'the run before' : `the median of ${history.runs} earlier runs`;
  const text = `${change(ratio)} against ${runs}`;
  if (Math.abs(ratio - 1) < NOTABLE) return { text };
  return { text, meaning: ratio > 1 ? 'bad' : 'good' };
}

function topProcesses(processes: readonly ProcessView[], output: Output, paint: Paint): string {
  const targets = processes.filter((process) => process.role === 'target');
  if (targets.length < 2) return '';
  const top = targets.toSorted((a, b) => cpuOf(b) - cpuOf(a)).slice(0, TOP_PROCESSES);
  const rest = targets.length - top.length;
  const table = renderTable(
    top,
    [
      { title: 'process', cell: ({ comm }) => comm, leastWidth: 8 },
      { title: 'pid', cell: ({ pid }) => String(pid), align: 'right', dropRank: 3 },
      { title: 'CPU', cell: (process) => duration(cpuOf(process)), align: 'right' },
      {
        title: 'short-lived',
        cell: (process) => shown(process.shortLivedCpuSeconds, duration),
        align: 'right',
        dropRank: 4,
      },
      {
        title: 'memory',
        cell: ({ peakRssBytes }) => shown(peakRssBytes, bytes),
        align: 'right',
        dropRank: 1,
      },
      { title: 'written', cell: ({ writeBytes }) => shown(writeBytes, bytes), align: 'right', dropRank: 2 },
    ],
    { width: output.columns, paint, indent: '  ' },
  );
  const more = rest > 0 ? `  and ${rest} more\n` : '';
  return `${table}${more}`;
}

function cpuOf({ cpuUserSeconds = 0, cpuSystemSeconds = 0 }: ProcessView): number {
  return cpuUserSeconds + cpuSystemSeconds;
}
