import type { CompareAnswer, ProcessDelta } from '../../../protocol/comparison.ts';
import { sideTitle } from '../../query/measure-words.ts';
import { count, duration } from '../format.ts';
import { cell, columnHead, rowHead, scrollingTable } from './compare-table.ts';
import { empty } from './notice.ts';

const LEAST_SECONDS = 0.02;

/** The processes of both sides by command name, those first whose CPU time changed most. */
export function commandTable(answer: CompareAnswer, onlyDifferent: boolean): HTMLElement {
  const { sides, processes, settings } = answer;
  const shown = processes.filter((one) => !onlyDifferent || isDifferent(one, settings.effect));
  if (shown.length === 0) return empty('No command differs.');
  const heads = [
    columnHead('Command'),
    ...[sides.a, sides.b].flatMap((side) => [
      columnHead(`${sideTitle(side)}  count`, true),
      columnHead('CPU', true),
      columnHead('wall', true),
    ]),
  ];
  return scrollingTable('Processes by command', heads, shown.map(commandCells));
}

function isDifferent({ a, b }: ProcessDelta, effect: number): boolean {
  if (a.count !== b.count) return true;
  return (['cpuSeconds', 'wallSeconds'] as const).some(
    (name) => Math.abs(b[name] - a[name]) > Math.max(LEAST_SECONDS, effect * a[name]),
  );
}

function commandCells({ comm, a, b }: ProcessDelta): HTMLElement[] {
  const figures = [a, b].flatMap((one) => [
    cell(count(one.count)),
    cell(duration(one.cpuSeconds)),
    cell(duration(one.wallSeconds)),
  ]);
  return [rowHead(comm), ...figures];
}
