/** How far a run is from what is usual for its workload. */
import type { Deviation } from '../../protocol/deviation.ts';
import { type MeasureName, measureByName } from '../../protocol/measures.ts';
import { change, inUnit, shown } from '../terminal/format.ts';
import { type Cell, renderTable, type TableColumn, type TableStyle } from '../terminal/table.ts';

/** The measures that people judge a run by. */
const JUDGED: ReadonlySet<MeasureName> = new Set([
  'wallSeconds',
  'cpuUserSeconds',
  'cpuSystemSeconds',
  'peakRssBytes',
  'readBytes',
  'writeBytes',
]);

/** Fewer earlier runs say little about what is usual. */
const FEW_RUNS = 4;
/** Farther from the median than this many spreads is out of the usual. */
const USUAL_SPREADS = 3;

/** Empty where there is nothing to compare with. */
export function deviationTable(deviations: readonly Deviation[], style: TableStyle): string {
  const judged = deviations.filter(({ measure }) => JUDGED.has(measure));
  const [first] = judged;
  if (first === undefined) return '';
  const runs = Math.max(...judged.map(({ history }) => history.runs));
  const { indent = '', paint } = style;
  const title = runs === 1 ? 'Against the run before' : `Against the median of ${runs} earlier runs`;
  const doubt =
    runs < FEW_RUNS ? `${indent}${paint('quiet', 'so few runs do not show what is usual')}\n` : '';
  return `${paint('heading', title)}\n${renderTable(judged, columns, style)}${doubt}`;
}

const columns: readonly TableColumn<Deviation>[] = [
  { title: '', cell: ({ measure }) => measureByName(measure)?.label ?? measure },
  { title: 'CHANGE', cell: changeCell, align: 'right' },
  {
    title: 'MEDIAN',
    cell: ({ measure, history }) => format(measure)(history.median),
    align: 'right',
  },
  {
    title: '±',
    cell: ({ measure, history }) => format(measure)(history.spread),
    align: 'right',
    dropRank: 1,
  },
];

function format(measure: MeasureName): (value: number) => string {
  return inUnit(measureByName(measure)?.unit ?? '1');
}

function changeCell({ value, ratio, history }: Deviation): Cell {
  const distance = value - history.median;
  const text = distance === 0 ? change(1) : shown(ratio, change);
  if (history.runs < FEW_RUNS || Math.abs(distance) <= USUAL_SPREADS * history.spread) return { text };
  return { text, meaning: distance > 0 ? 'bad' : 'good' };
}
