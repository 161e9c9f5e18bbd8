/** The table of `podometer runs`. */
import { cpuSecondsOf } from '../../aggregator/query/run-view.ts';
import type { RunView } from '../../protocol/query.ts';
import type { Tags } from '../../protocol/run.ts';
import type { Output } from '../command.ts';
import { painter } from '../terminal/colour.ts';
import { ago, bytes, cores, duration, shown } from '../terminal/format.ts';
import { renderTable, type TableColumn } from '../terminal/table.ts';
import { averageCores } from './average-cores.ts';
import { stateCell } from './run-state.ts';

/** `nowMs`: ms since the Unix epoch. On a terminal the time of start is relative to it. */
export function runsTable(runs: readonly RunView[], output: Output, nowMs: number): string {
  const paint = painter(output.colour);
  return renderTable(runs, columns(output.isTty ? nowMs : undefined), { width: output.columns, paint });
}

function columns(nowMs: number | undefined): TableColumn<RunView>[] {
  const started = ({ startedAt }: RunView): string =>
    nowMs === undefined ? startedAt : ago(Date.parse(startedAt), nowMs);
  return [
    // Not shortened: it is what people type to name the run.
    { title: 'RUN', cell: ({ ref }) => ({ text: ref, meaning: 'name' }), isWhole: true },
    { title: 'STATE', cell: stateCell },
    { title: 'STARTED', cell: started, dropRank: 1 },
    { title: 'WALL', cell: ({ measures }) => shown(measures.wallSeconds, duration), align: 'right' },
    { title: 'CPU', cell: ({ measures }) => shown(cpuSecondsOf(measures), duration), align: 'right' },
    {
      title: 'CORES',
      cell: ({ measures }) => shown(averageCores(measures), cores),
      align: 'right',
      dropRank: 2,
    },
    { title: 'PEAK MEM', cell: ({ measures }) => shown(measures.peakRssBytes, bytes), align: 'right' },
    {
      title: 'READ',
      cell: ({ measures }) => shown(measures.readBytes, bytes),
      align: 'right',
      dropRank: 4,
    },
    {
      title: 'WRITTEN',
      cell: ({ measures }) => shown(measures.writeBytes, bytes),
      align: 'right',
      dropRank: 3,
    },
    { title: 'TAGS', cell: ({ tags }) => tagsText(tags), leastWidth: 12, dropRank: 5 },
  ];
}

/** `branch=main lr=0.1` */
export function tagsText(tags: Tags): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}
