import { resolve } from 'node:path';
import { DEFAULT_EFFECT, parseMarks, parseMeasures } from '../../aggregator/query/compare.ts';
import { effectFor, type GateRule, judgeGate, parseGate } from '../../aggregator/query/gate.ts';
import { runMarks, SIDE_FORMS } from '../../protocol/comparison.ts';
import { jsonOption, oneOf, percentage, tag, text } from '../arguments.ts';
import { defineCommand, flag, list, value } from '../command.ts';
import { sidesAsked, sidesOf } from '../compared-sides.ts';
import { type ExportPieces, writeExport } from '../export/export-sink.ts';
import { historyOptions } from '../history-client/history-options.ts';
import { withHistoryClient } from '../history-client/with-history-client.ts';
import { comparison } from '../report/comparison.ts';
import { comparisonJunit } from '../report/comparison-junit.ts';
import { comparisonMarkdown } from '../report/comparison-markdown.ts';
import { usageError } from '../usage-error.ts';

const formats = ['table', 'json', 'markdown', 'junit', 'html'] as const;
type Format = (typeof formats)[number];

export const compareCommand = defineCommand({
  name: 'compare',
  summary: 'two runs, or two sets of runs: what changed, is it real, and which process did it',
  usage: '[BASELINE] [RUNS] [OPTIONS]',
  operands: { least: 0, most: 2 },
  options: {
    baseline: value('last:N', 'in place of BASELINE: the N good runs before the others', baseline),
    tag: list(
      'KEY=VALUE',
      'twice: compare the runs with the one and the other tag; once, with --baseline: those with it. After a WORKLOAD, where several have such runs',
      tag,
    ),
    'leave-out': value('MARKS', `leave out runs that are ${runMarks.join(', ')}`, parseMarks),
    measures: value('NAMES', 'only these, such as wall,cpu; fewer need fewer runs', parseMeasures),
    effect: value('PERCENT', 'the smallest change worth naming (3)', percentage),
    phases: flag('phase by phase as well, of the run that stands for each side'),
    'fail-on': value('RULES', 'exit with 1 where one is broken, such as wall>5%,peakRss>10%', parseGate),
    format: value(
      'FORMAT',
      `${formats.join(', ')} (table); html is one file that opens offline`,
      oneOf(...formats),
    ),
    output: value('FILE', 'write there instead of to stdout', text),
    ...historyOptions,
    json: jsonOption,
  },
  examples: [
    { line: 'podometer compare train@-1 train@latest', says: 'the newest run with the one before' },
    { line: 'podometer compare train@10..14 train@15..19', says: 'five runs with five others' },
    { line: 'podometer compare train --tag commit=abc --tag commit=def', says: 'two groups by a tag' },
    {
      line: 'podometer compare --tag commit=abc --baseline last:10',
      says: 'a tag with the good runs before',
    },
    {
      line: 'podometer compare train@-1 train@latest --format html --output change.html',
      says: 'to send to somebody',
    },
    {
      line: 'podometer compare train@latest --baseline last:10 --fail-on "wall>5%"',
      says: 'in CI: exit code 1 when the newest run is slower',
    },
  ],
  notes: [SIDE_FORMS, 'How it judges, and what it cannot know: docs/comparing.md.'],
  async run(context, { options, operands }) {
    const { stdout } = context;
    const rules = options['fail-on'] ?? [];
    const asked = sidesAsked(operands, options);
    return withHistoryClient(context, options, 'read', async (history) => {
      const sides = await sidesOf(history, asked);
      const how = {
        leaveOut: options['leave-out'] ?? [],
        ...(options.measures && { measures: withRules(options.measures, rules) }),
        effect: effectFor(rules, options.effect ?? DEFAULT_EFFECT),
      };
      const answer = await history.compare(sides, how);
      const judged = rules.length === 0 ? answer : { ...answer, gate: judgeGate(answer, rules) };
      const { output } = options;
      const pieces: Readonly<Record<Format, () => ExportPieces>> = {
        table: () => [comparison(judged, output === undefined ? stdout : PLAIN, options.phases)],
        json: () => [`${JSON.stringify(judged)}\n`],
        markdown: () => [comparisonMarkdown(judged)],
        junit: () => [comparisonJunit(judged)],
        html: () => history.compareAsFile(sides, how),
      };
      const format = options.json ? 'json' : (options.format ?? 'table');
      const path = output === undefined ? undefined : resolve(context.cwd, output);
      await writeExport(stdout, path, pieces[format]());
      return judged.gate?.some(({ failed }) => failed) ? 1 : 0;
    });
  },
});

/** How a table is written to a file. */
const PLAIN = { columns: Number.POSITIVE_INFINITY, colour: false };

/** What a rule names is measured, whatever else was asked for. */
function withRules(measures: readonly string[], rules: readonly GateRule[]): string[] {
  return [...new Set([...measures, ...rules.map(({ measure }) => measure)])];
}

function baseline(given: string, field: string): string {
  if (/^last:[1-9]\d*$/.test(given)) return given;
  throw usageError(`${field} is "${text(given, field)}", which is not last:N`, 'Give it as last:10.');
}
