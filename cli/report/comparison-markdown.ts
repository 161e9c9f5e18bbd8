/** A comparison as a comment on a pull request shows it. */

import { isWorse, sideTitle, usedMeasures, verdictText } from '../../aggregator/query/measure-words.ts';
import type { CompareAnswer, MeasureDelta } from '../../protocol/comparison.ts';
import { inUnit, shown } from '../terminal/format.ts';
import { changeText, intervalText, pText } from './measure-cells.ts';

export function comparisonMarkdown(answer: CompareAnswer): string {
  const { sides, cautions, conclusions, attributions, gate = [] } = answer;
  const blocks = [
    [`### ${escaped(sideTitle(sides.a))} and ${escaped(sideTitle(sides.b))}`],
    gate.map(({ failed, reason }) => `- ${failed ? '❌' : '✅'} ${escaped(reason)}`),
    cautions.map((caution) => `> **Caution:** ${escaped(caution)}`),
    [...conclusions, ...attributions.map(({ sentence }) => sentence)].map((said) => `- ${escaped(said)}`),
    tableOf(answer),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function tableOf(answer: CompareAnswer): string[] {
  const { sides } = answer;
  return [
    row(['measure', sideTitle(sides.a), sideTitle(sides.b), 'change', 'interval', 'p', 'verdict']),
    '| --- | ---: | ---: | ---: | ---: | ---: | --- |',
    ...usedMeasures(answer).map(measureRow),
  ];
}

function measureRow(one: MeasureDelta): string {
  const format = inUnit(one.unit);
  const verdict = verdictText(one);
  return row([
    one.label,
    shown(one.a, format),
    shown(one.b, format),
    changeText(one),
    intervalText(one),
    pText(one),
    isWorse(one) ? `**${verdict}**` : verdict,
  ]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => (cell.startsWith('**') ? cell : escaped(cell))).join(' | ')} |`;
}

/** Names of runs and programs are other people's: nothing in them may be markup, nor end a cell. */
function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#~&]/g, (character) => `\\${character}`);
}
