/** Two runs side by side, as `podometer compare` shows them. */
import type { CompareAnswer, MeasureDelta, ProcessDelta } from '../../protocol/query.ts';
import type { Output } from '../command.ts';
import { type Paint, painter } from '../terminal/colour.ts';
import { change, duration, inUnit, shown, signed } from '../terminal/format.ts';
import { type Cell, renderTable, type TableColumn, type TableStyle } from '../terminal/table.ts';
import { printable, wrapWords } from '../terminal/width.ts';

const MOST_PROCESSES = 10;

const ONE_RUN_A_SIDE =
  'One run a side cannot show whether a difference is more than noise: repeat both with podometer run --runs 5 -- COMMAND.';

export function comparison(answer: CompareAnswer, output: Output): string {
  const paint = painter(output.colour);
  const style: TableStyle = { width: output.columns, paint };
  return [
    cautions(answer.cautions, paint),
    renderTable(answer.measures.filter(isUsed), measureColumns(answer), style),
    [ONE_RUN_A_SIDE, ...usualNote(answer)].map((note) => quietly(note, style)).join(''),
    processTable(answer.processes, style),
  ]
    .filter((section) => section !== '')
    .join('\n');
}

function cautions(sentences: readonly string[], paint: Paint): string {
  return sentences.map((sentence) => `${paint('caution', `Caution: ${printable(sentence)}`)}\n`).join('');
}

/** What neither run used says nothing. */
function isUsed({ a, b }: MeasureDelta): boolean {
  return Boolean(a) || Boolean(b);
}

function usualNote({ measures }: CompareAnswer): string[] {
  const runs = Math.max(0, ...measures.map(({ history }) => history?.runs ?? 0));
  if (runs === 0) return [];
  return [
    `USUAL: median ± half the distance between the quartiles of ${runs} earlier ${runs === 1 ? 'run' : 'runs'}.`,
  ];
}

function quietly(note: string, { width, paint }: TableStyle): string {
  return wrapWords(note, width)
    .map((line) => `${paint('quiet', line)}\n`)
    .join('');
}

function measureColumns({ a, b, measures }: CompareAnswer): TableColumn<MeasureDelta>[] {
  const hasHistory = measures.some(({ history }) => history !== undefined);
  const usual: TableColumn<MeasureDelta> = {
    title: 'USUAL',
    cell: usualText,
    align: 'right',
    dropRank: 1,
  };
  return [
    { title: 'MEASURE', cell: ({ label }) => label, leastWidth: 16 },
    { title: a.ref, cell: (one) => shown(one.a, inUnit(one.unit)), align: 'right' },
    { title: b.ref, cell: (one) => shown(one.b, inUnit(one.unit)), align: 'right' },
    {
      title: 'DELTA',
      cell: ({ delta, unit }) => shown(delta, (value) => signed(value, inUnit(unit))),
      align: 'right',
      dropRank: 2,
    },
    { title: 'CHANGE', cell: changeCell, align: 'right' },
    ...(hasHistory ? [usual] : []),
  ];
}

/** Coloured where less or more is better and the change is larger than what earlier runs differed by. */
function changeCell({ better, ratio, delta, history }: MeasureDelta): Cell {
  const text = delta === 0 ? change(1) : shown(ratio, change);
  const isNoise = history !== undefined && Math.abs(delta ?? 0) <= history.spread;
  if (better === 'neutral' || !delta || isNoise) return { text };
  return { text, meaning: delta > 0 === (better === 'lower') ? 'bad' : 'good' };
}

function usualText({ history, unit }: MeasureDelta): string {
  const format = inUnit(unit);
  return history === undefined ? '-' : `${format(history.median)} ± ${format(history.spread)}`;
}

function processTable(processes: readonly ProcessDelta[], style: TableStyle): string {
  const changed = processes.filter(({ a, b }) => a.cpuSeconds !== b.cpuSeconds).slice(0, MOST_PROCESSES);
  if (changed.length === 0) return '';
  return `${style.paint('heading', 'Programs whose CPU time changed most')}\n${renderTable(changed, processColumns, style)}`;
}

const processColumns: readonly TableColumn<ProcessDelta>[] = [
  { title: 'PROGRAM', cell: ({ comm }) => comm, leastWidth: 12 },
  {
    title: 'PROCESSES',
    cell: ({ a, b }) => `${a.count} -> ${b.count}`,
    align: 'right',
    dropRank: 1,
  },
  { title: 'CPU A', cell: ({ a }) => duration(a.cpuSeconds), align: 'right' },
  { title: 'CPU B', cell: ({ b }) => duration(b.cpuSeconds), align: 'right' },
  {
    title: 'DELTA',
    cell: ({ a, b }) => signed(b.cpuSeconds - a.cpuSeconds, duration),
    align: 'right',
  },
];
