import type { CompareAnswer, MeasureDelta } from '../../../protocol/comparison.ts';
import {
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
import { changeMark, changeOf, reachOf } from './compare-scale.ts';
import { cell, columnHead, rowHead, scrollingTable } from './compare-table.ts';
import { empty } from './notice.ts';

/** Every measure with the verdict, its change and the interval of it. */
export function measureTable(answer: CompareAnswer, onlyDifferent: boolean): HTMLElement {
  const { effect } = answer.settings;
  const measures = usedMeasures(answer).filter((one) => !onlyDifferent || mayDiffer(one, effect));
  if (measures.length === 0) return empty('No measure differs.');
  const reach = reachOf(
    measures
      .filter(isWeighty)
      .map(changeMark)
      .filter((mark) => mark !== undefined),
  );
  const rows = measures.map((measure) => measureCells(measure, reach));
  return scrollingTable('Measures', heads(answer, reach), rows, 'measures');
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
    columnHead('Verdict'),
    columnHead('Change', true),
    element('th', { scope: 'col', class: 'change-cell' }, axis),
    columnHead(sideTitle(sides.a), true),
    columnHead(sideTitle(sides.b), true),
    columnHead('Interval', true),
    columnHead('Usual', true),
  ];
}

function measureCells(measure: MeasureDelta, reach: number): HTMLElement[] {
  const { label, unit, a, b, history } = measure;
  const format = inUnit(unit);
  const mark = changeMark(measure);
  const usual = history ? `${format(history.median)} ± ${format(history.spread)}` : '';
  return [
    rowHead(label),
    element('td', { class: `verdict ${lookOf(measure)}` }, verdictText(measure)),
    cell(changeText(measure), 'change-text'),
    element('td', { class: 'change-cell' }, mark && changeBar(mark, reach, lookOf(measure))),
    cell(shown(a, format), 'baseline'),
    cell(shown(b, format), 'compared'),
    cell(intervalText(measure), 'interval'),
    cell(usual, 'usual'),
  ];
}

function changeText(measure: MeasureDelta): string {
  const { a, unit } = measure;
  const value = changeOf(measure)?.value;
  const difference = shown(value, (known) => signed(known, inUnit(unit)));
  return value && a ? `${difference} (${change(1 + value / a)})` : difference;
}

function intervalText(measure: MeasureDelta): string {
  const interval = changeOf(measure)?.interval;
  const { a, unit } = measure;
  if (interval === undefined || interval.low === interval.high) return '';
  if (!a) return `${signed(interval.low, inUnit(unit))} … ${signed(interval.high, inUnit(unit))}`;
  return `${change(1 + interval.low / a)} … ${change(1 + interval.high / a)}`;
}

function lookOf(measure: MeasureDelta): string {
  return isWorse(measure) ? 'worse' : isBetter(measure) ? 'better' : 'same';
}
