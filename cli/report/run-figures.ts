/** What a run used, in lines. A measure that could not be read makes no line. */
import { cpuSecondsOf } from '../../aggregator/query/run-view.ts';
import type { MeasureValues } from '../../protocol/measures.ts';
import type { WallSplit } from '../../protocol/wall-split.ts';
import { bytes, cores, count, duration, shown } from '../terminal/format.ts';
import { averageCores } from './average-cores.ts';
import type { LabelledLine } from './labelled-lines.ts';
import { threadShares, waitShares } from './thread-shares.ts';
import { wallSplitLines } from './wall-split-line.ts';

/** `split`: where the wall time went, where that is told. */
export function runFigures(m: MeasureValues, split?: WallSplit): LabelledLine[] {
  return [
    line('wall time', m.wallSeconds, duration),
    ...(split === undefined ? [] : wallSplitLines(split)),
    line('CPU time', cpuSecondsOf(m), duration, [
      [m.cpuUserSeconds, (value) => `${duration(value)} user`],
      [m.cpuSystemSeconds, (value) => `${duration(value)} system`],
    ]),
    line('cores', averageCores(m), cores, [[m.peakCores, (value) => `peak ${cores(value)}`]]),
    line('peak memory', m.peakRssBytes, bytes, [
      [m.peakProcessRssBytes, (value) => `largest process ${bytes(value)}`],
      [m.peakPssBytes, (value) => `PSS ${bytes(value)}`],
    ]),
    ...pair('storage', ['read', m.readBytes], ['written', m.writeBytes], bytes),
    ...pair('calls', ['read', m.rcharBytes], ['written', m.wcharBytes], bytes),
    ...pair('switches', ['voluntary', m.voluntarySwitches], ['involuntary', m.involuntarySwitches], count),
    ...pair('page faults', ['minor', m.minorFaults], ['major', m.majorFaults], count),
    line('waited for a CPU', m.runDelaySeconds, duration),
    said('threads', threadShares(m)),
    said('threads waited for', waitShares(m)),
    ...trouble(m),
    line('processes', m.processes, count, [
      [m.shortLivedCpuSeconds || undefined, (value) => `and ${duration(value)} of CPU by short-lived ones`],
    ]),
    line('samples', m.samples, count, [
      [m.intervalSeconds, (value) => `every ${duration(value)}`],
      [m.gaps || undefined, (value) => `${count(value)} missed`],
    ]),
    line("the agent's own CPU", m.agentCpuSeconds, duration, [
      [agentShare(m), (value) => `${(value * 100).toFixed(1)} % of one core`],
      [m.agentPeakRssBytes, (value) => `${bytes(value)} of memory`],
    ]),
  ].filter((one) => one !== undefined);
}

type Detail = readonly [value: number | undefined, text: (value: number) => string];

function line(
  label: string,
  value: number | undefined,
  format: (value: number) => string,
  details: readonly Detail[] = [],
): LabelledLine | undefined {
  if (value === undefined) return undefined;
  const shownDetails = details.flatMap(([detail, text]) => (detail === undefined ? [] : [text(detail)]));
  return { label, text: [format(value), ...shownDetails].join(', ') };
}

function said(label: string, text: string | undefined): LabelledLine | undefined {
  return text === undefined ? undefined : { label, text };
}

type Side = readonly [name: string, value: number | undefined];

function pair(
  label: string,
  [nameA, a]: Side,
  [nameB, b]: Side,
  format: (value: number) => string,
): LabelledLine[] {
  if (a === undefined && b === undefined) return [];
  return [{ label, text: `${shown(a, format)} ${nameA}, ${shown(b, format)} ${nameB}` }];
}

/** What most runs have none of. */
function trouble(m: MeasureValues): (LabelledLine | undefined)[] {
  const pressures = [
    ['CPU', m.psiCpuSeconds],
    ['memory', m.psiMemorySeconds],
    ['IO', m.psiIoSeconds],
  ] as const;
  const felt = pressures.flatMap(([name, value]) => (value ? [`${name} ${duration(value)}`] : []));
  return [
    line('throttled', m.throttledSeconds || undefined, duration),
    felt.length > 0 ? { label: 'pressure', text: felt.join(', ') } : undefined,
    m.oomKills ? { label: 'OOM kills', text: count(m.oomKills), meaning: 'bad' } : undefined,
  ];
}

function agentShare({ agentCpuSeconds, wallSeconds }: MeasureValues): number | undefined {
  return agentCpuSeconds === undefined || !wallSeconds ? undefined : agentCpuSeconds / wallSeconds;
}
