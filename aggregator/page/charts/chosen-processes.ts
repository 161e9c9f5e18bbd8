/** Which processes the charts show by name and which together. Everything here is pure. */
import type { ProcessView } from '../../../protocol/query.ts';
import { INK_COUNT, inkAt } from './chart-model.ts';
import type { Named } from './chart-view.ts';
import { processLabels } from './process-places.ts';

/** Processes that a saved file holds each by itself, at the most. */
const HELD_AT_MOST = 60;

export const cpuSecondsOf = (process: ProcessView): number =>
  (process.cpuUserSeconds ?? 0) + (process.cpuSystemSeconds ?? 0);

export const ownAndShortLivedCpu = (process: ProcessView): number =>
  cpuSecondsOf(process) + (process.shortLivedCpuSeconds ?? 0);

export const peakRssOf = (process: ProcessView): number => process.peakRssBytes ?? 0;

export const ioBytesOf = (process: ProcessView): number =>
  (process.readBytes ?? 0) +
  (process.writeBytes ?? 0) +
  (process.rcharBytes ?? 0) +
  (process.wcharBytes ?? 0);

/**
 * The processes that have a colour of their own, the same in every chart and table: those with the greatest share
 * of the run's CPU time and memory together.
 */
export function namedProcesses(processes: readonly ProcessView[]): Named[] {
  const shareOfCpu = shareBy(processes, cpuSecondsOf);
  const shareOfMemory = shareBy(processes, peakRssOf);
  const labels = processLabels(processes);
  const heaviest = topBy(processes, (process) => shareOfCpu(process) + shareOfMemory(process), INK_COUNT);
  return heaviest.map((process, index) => ({
    key: process.key,
    label: labels.get(process.key) ?? process.comm,
    ink: inkAt(index),
  }));
}

/** Keys of the processes that a saved file holds each by itself, heaviest first. */
export function heldProcesses(
  processes: readonly ProcessView[],
  weight: (process: ProcessView) => number,
): string[] {
  return topBy(processes, weight, HELD_AT_MOST).map(({ key }) => key);
}

function topBy(
  processes: readonly ProcessView[],
  weight: (process: ProcessView) => number,
  most: number,
): ProcessView[] {
  return processes.toSorted((a, b) => weight(b) - weight(a)).slice(0, most);
}

function shareBy(processes: readonly ProcessView[], weight: (process: ProcessView) => number) {
  const total = processes.reduce((sum, process) => sum + weight(process), 0) || 1;
  return (process: ProcessView) => weight(process) / total;
}
