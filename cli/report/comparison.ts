/** Two sides, as `podometer compare` shows them on a terminal. */

import {
  isBetter,
  isWorse,
  sideTitle,
  usedMeasures,
  verdictText,
} from '../../aggregator/query/measure-words.ts';
import type { CompareAnswer, GateResult, MeasureDelta, ProcessDelta } from '../../protocol/comparison.ts';
import type { Output } from '../command.ts';
import { type Paint, painter } from '../terminal/colour.ts';
import { count, duration, inUnit, shown, signed } from '../terminal/format.ts';
import { type Cell, renderTable, type TableColumn, type TableStyle } from '../terminal/table.ts';
import { printable, wrapWords } from '../terminal/width.ts';
import { changeText, deltaText, intervalText, pText } from './measure-cells.ts';
import { phasePairTable } from './phase-pair-table.ts';

const MOST_PROCESSES = 10;

/** `withPhases`: phase by phase as well. */
export function comparison(
  answer: CompareAnswer,
  output: Pick<Output, 'columns' | 'colour'>,
  withPhases = false,
): string {
  const paint = painter(output.colour);
  const style: TableStyle = { width: output.columns, paint };
  const used = usedMeasures(answer);
  return [
    cautions(answer.cautions, paint),
    paragraphs(answer.conclusions, style),
    paragraphs(
      [...answer.attributions.map(({ sentence }) => capital(sentence)), ...phaseSentences(answer)],
      style,
    ),
    renderTable(used, measureColumns(answer, used), style),
    notes(answer, used)
      .map((note) => quietly(note, style))
      .join(''),
    processTable(answer.processes, style),
    withPhases ? phasePairTable(answer, style) : '',
    gateLines(answer.gate ?? [], paint),
  ]
    .filter((section) => section !== '')
    .join('\n');
}

function cautions(sentences: readonly string[], paint: Paint): string {
  return sentences.map((sentence) => `${paint('caution', `Caution: ${printable(sentence)}`)}\n`).join('');
}

function paragraphs(sentences: readonly string[], { width }: TableStyle): string {
  return sentences
    .flatMap((sentence) => wrapWords(printable(sentence), width))
    .map((line) => `${line}\n`)
    .join('');
}

function phaseSentences({ phases }: CompareAnswer): string[] {
  return phases?.sentence === undefined ? [] : [phases.sentence];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function notes({ settings }: CompareAnswer, used: readonly MeasureDelta[]): string[] {
  const runs = Math.max(0, ...used.map(({ history }) => history?.runs ?? 0));
  return [
    ...(used.some(({ test }) => test !== undefined)
      ? [
          `P and INTERVAL: of the change, corrected for all measures. Medians; a change below ${settings.effect * 100} % is not named.`,
        ]
      : []),
    ...(runs > 0
      ? [
          `USUAL: median ± half the distance between the quartiles of ${runs} earlier ${runs === 1 ? 'run' : 'runs'}.`,
        ]
      : []),
  ];
}

function quietly(note: string, { width, paint }: TableStyle): string {
  return wrapWords(note, width)
    .map((line) => `${paint('quiet', line)}\n`)
    .join('');
}

function measureColumns(
  { sides }: CompareAnswer,
  used: readonly MeasureDelta[],
): TableColumn<MeasureDelta>[] {
  const wereJudged = used.some(({ test }) => test !== undefined);
  const verdictIfJudged = (one: MeasureDelta): string => (wereJudged ? verdictText(one) : '');
  const optional: readonly TableColumn<MeasureDelta>[] = [
    { title: 'INTERVAL', cell: intervalText, align: 'right', dropRank: 3 },
    { title: 'P', cell: pText, align: 'right', dropRank: 4 },
    { title: 'VERDICT', cell: verdictIfJudged },
    { title: 'USUAL', cell: usualText, align: 'right', dropRank: 1 },
  ];
  return [
    { title: 'MEASURE', cell: ({ label }) => label, leastWidth: 16 },
    { title: sideTitle(sides.a), cell: (one) => shown(one.a, inUnit(one.unit)), align: 'right' },
    { title: sideTitle(sides.b), cell: (one) => shown(one.b, inUnit(one.unit)), align: 'right' },
    { title: 'DELTA', cell: deltaText, align: 'right', dropRank: 2 },
    { title: 'CHANGE', cell: changeCell, align: 'right' },
    ...optional.filter(({ cell }) => used.some((one) => cell(one) !== '')),
  ];
}

/** Coloured where it is real; of one run a side, where it is larger than what earlier runs differed by. */
function changeCell(one: MeasureDelta): Cell {
  const text = changeText(one);
  const { verdict, better, delta, history } = one;
  if (isWorse(one)) return { text, meaning: 'bad' };
  if (isBetter(one)) return { text, meaning: 'good' };
  if (verdict !== 'unknown' || better === 'neutral' || !delta) return { text };
  if (history === undefined || Math.abs(delta) <= history.spread) return { text };
  return { text, meaning: delta > 0 === (better === 'lower') ? 'bad' : 'good' };
}

function usualText({ history, unit }: MeasureDelta): string {
  const format = inUnit(unit);
  return history === undefined ? '' : `${format(history.median)} ± ${format(history.spread)}`;
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
    cell: ({ a, b }) => `${count(a.count)} -> ${count(b.count)}`,
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

function gateLines(gate: readonly GateResult[], paint: Paint): string {
  return gate
    .map(({ failed, reason }) => {
      const outcome = failed ? paint('bad', 'FAILED') : paint('good', 'passed');
      return `${outcome}  ${reason}\n`;
    })
    .join('');
}
