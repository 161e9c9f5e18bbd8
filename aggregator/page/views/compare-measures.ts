import type { CompareAnswer, MeasureDelta } from '../../../protocol/comparison.ts';
import {
  changeInterval,
  isBetter,
  isWorse,
  mayDiffer,
  sideTitle,
  usedMeasures,
  verdictText,
} from '../../query/measure-words.ts';
import { element } from '../element.ts';
import { change, inUnit, shown, signed } from '../format.ts';
import { changeBar } from './compare-bar.ts';
import { changeMark, reachOf } from './compare-scale.ts';
import { cell, columnHead, rowHead, scrollingTable } from './compare-table.ts';
import { empty } from './notice.ts';

/** Every measure with its change, the interval of it and the verdict. */
export function measureTable(answer: CompareAnswer, onlyDifferent: boolean): HTMLElement {
  const { effect } = answer.settings;
  const measures = usedMeasures(answer).filter((one) => !onlyDifferent || mayDiffer(one, effect));
  if (measures.length === 0) return empty('No measure differs.');
  const marks = measures.map(changeMark);
  const reach = reachOf(
    measures
      .filter(isWeighty)
      .map(changeMark)
      .filter((mark) => mark !== undefined),
  );
  const rows = measures.map((measure, i) => {
    const mark = marks[i];
    const bar = mark && measure.delta !== undefined ? changeBar(mark, reach, lookOf(measure)) : '';
    return measureCells(measure, bar);
  });
  return scrollingTable('Measures', heads(answer, reach), rows);
}

/** What is too small to be named does not set the scale for the rest. */
function isWeighty({ verdict }: MeasureDelta): boolean {
  return verdict !== 'negligible' && verdict !== 'unjudged';
}

function heads({ sides }: CompareAnswer, reach: number): HTMLElement[] {
  const axis = element(
    'span',
    { class: 'change-axis' },
    element('span', {}, change(1 / reach)),
    element('span', {}, '0'),
    element('span', {}, change(reach)),
  );
  return [
    columnHead('Measure'),
    columnHead('Change', true),
    element('th', { scope: 'col' }, axis),
    columnHead(sideTitle(sides.a), true),
    columnHead(sideTitle(sides.b), true),
    columnHead('95 %', true),
    columnHead('Verdict'),
    columnHead('Usual', true),
  ];
}

function measureCells(measure: MeasureDelta, bar: HTMLElement | string): HTMLElement[] {
  const { label, unit, a, b, delta, ratio, history } = measure;
  const format = inUnit(unit);
  const difference = shown(delta, (value) => signed(value, format));
  const factor = delta !== 0 && ratio !== undefined ? ` (${change(ratio)})` : '';
  const usual = history ? `${format(history.median)} ± ${format(history.spread)}` : '';
  return [
    rowHead(label),
    cell(`${difference}${factor}`),
    element('td', { class: 'change-cell' }, bar),
    cell(shown(a, format)),
    cell(shown(b, format)),
    cell(intervalText(measure)),
    element('td', { class: `verdict ${lookOf(measure)}` }, verdictText(measure)),
    cell(usual),
  ];
}

function intervalText(measure: MeasureDelta): string {
  const known = changeInterval(measure);
  const { a, unit } = measure;
  if (known === undefined || known.low === known.high) return '';
  if (!a) return `${signed(known.low, inUnit(unit))} … ${signed(known.high, inUnit(unit))}`;
  return `${change(1 + known.low / a)} … ${change(1 + known.high / a)}`;
}

function lookOf(measure: MeasureDelta): string {
  return isWorse(measure) ? 'worse' : isBetter(measure) ? 'better' : 'same';
}
