/** A comparison as JUnit XML: a test case for each rule, or for each headline measure where no rule was given. */

import { isWorse, sideTitle, verdictText } from '../../aggregator/query/measure-words.ts';
import type { CompareAnswer, MeasureDelta } from '../../protocol/comparison.ts';
import { inUnit, shown } from '../terminal/format.ts';
import { changeText, pText } from './measure-cells.ts';

interface Case {
  readonly name: string;
  /** Why it failed. */
  readonly failure: string | undefined;
  readonly output: string;
}

export function comparisonJunit(answer: CompareAnswer): string {
  const cases = casesOf(answer);
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const suite = `${sideTitle(answer.sides.a)} and ${sideTitle(answer.sides.b)}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="podometer compare" tests="${cases.length}" failures="${failures}">`,
    `  <testsuite name="${escaped(suite)}" tests="${cases.length}" failures="${failures}">`,
    ...cases.map(caseLines),
    `    <system-out>${escaped([...answer.cautions, ...answer.conclusions].join('\n'))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function casesOf({ gate, measures }: CompareAnswer): Case[] {
  if (gate !== undefined) {
    return gate.map(({ measure, limit, failed, reason }) => ({
      name: `${measure} > ${limit * 100} %`,
      failure: failed ? reason : undefined,
      output: reason,
    }));
  }
  return measures.filter(({ family }) => family === 'headline').map(headlineCase);
}

function headlineCase(one: MeasureDelta): Case {
  const format = inUnit(one.unit);
  const p = pText(one);
  const text = `${one.label}: ${shown(one.a, format)} -> ${shown(one.b, format)} (${changeText(one)})${p && `, p ${p}`} ${verdictText(one)}`;
  return { name: one.measure, failure: isWorse(one) ? text.trim() : undefined, output: text.trim() };
}

function caseLines({ name, failure, output }: Case): string {
  const inner =
    failure === undefined
      ? `<system-out>${escaped(output)}</system-out>`
      : `<failure message="${escaped(failure)}"/>`;
  return `    <testcase classname="podometer.compare" name="${escaped(name)}">${inner}</testcase>`;
}

/** Control characters have no place in XML 1.0, not even as references. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return [...text]
    .filter((character) => character >= ' ' || character === '\n' || character === '\t')
    .map((character) => entities[character] ?? character)
    .join('');
}
