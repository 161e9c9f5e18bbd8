import { runRef } from '../../aggregator/query/run-view.ts';
import type { RunRecord } from '../../aggregator/store/model.ts';
import { dataOption, jsonOption, text } from '../arguments.ts';
import { defineCommand, list, value } from '../command.ts';
import { type History, viewOf, withHistory } from '../history.ts';
import { filesAt, importAny } from '../import/import-any.ts';
import type { Imported } from '../import/imported.ts';
import { malformed } from '../import/malformed.ts';
import { printable } from '../terminal/width.ts';

/** Names of more are cut short. */
const MOST_REFS = 20;

export const importCommand = defineCommand({
  name: 'import',
  summary: 'take in another history, an exported run, a file of batches, or Prometheus text',
  usage: 'FILE|FOLDER [OPTIONS]',
  operands: { least: 1, most: 1 },
  options: {
    run: list('RUN', 'of another history: this run alone', text),
    name: value('NAME', "of Prometheus or OpenMetrics text: the name of its run (the file's)", text),
    data: dataOption,
    json: jsonOption,
  },
  onlyHere: 'The aggregator of a namespace takes in what agents send alone.',
  examples: [
    { line: 'podometer import podometer-0b7c….batches', says: 'the file that `podometer run` named' },
    { line: 'podometer import .', says: 'all such files of a folder' },
    { line: 'podometer import team.mdb --run train@13', says: 'one run of a backup, or of a data folder' },
    { line: 'podometer import train-13.json', says: 'what `podometer export` wrote' },
    { line: 'podometer import node.om --name node', says: 'series with timestamps, as one run' },
  ],
  notes: [
    'What a file is shows in its content, not in its name. It may be repeated: what is in the history already changes nothing. Of a damaged file of batches, what is whole is taken in and the rest is told of.',
    'A run gets the next number of its workload here. docs/import.md says what is kept of each kind.',
  ],
  run: (context, { options, operands: [path = ''] }) =>
    withHistory(context, options.data, 'write', async (history) => {
      const wishes = { runs: options.run, name: options.name };
      const files: Imported[] = [];
      for (const file of filesAt(path, context.cwd)) files.push(await importAny(history.store, file, wishes));
      await sealEnded(history, files);
      const runs = runsOf(history, files);
      context.stdout.write(
        options.json
          ? `${JSON.stringify({ files: files.map(({ runs: _, ...file }) => file), runs: runs.map((run) => viewOf(history, run)) })}\n`
          : printed(files, runs),
      );
      refuseUseless(files);
      return 0;
    }),
});

/** What did not come sealed. */
async function sealEnded(history: History, files: readonly Imported[]): Promise<void> {
  const batches = files.filter(({ kind }) => kind === 'batches');
  for (const run of runsOf(history, batches))
    if (history.stateOf(run) !== 'running') await history.store.seal(run.id);
}

/** Newest first. */
function runsOf({ store }: History, files: readonly Imported[]): RunRecord[] {
  const ids = new Set(files.flatMap(({ runs }) => runs));
  return [...store.runs()].filter(({ id }) => ids.has(id));
}

function printed(files: readonly Imported[], runs: readonly RunRecord[]): string {
  return [...files.flatMap(fileLines), ...runLines(runs)].map((line) => `${printable(line)}\n`).join('');
}

function runLines(runs: readonly RunRecord[]): string[] {
  if (runs.length === 0) return [];
  const refs = runs.slice(0, MOST_REFS).map((run) => runRef(run));
  const more = runs.length > MOST_REFS ? [`and ${runs.length - MOST_REFS} more`] : [];
  return [`Runs: ${[...refs, ...more].join(', ')}`];
}

function fileLines({ path, added, repeated, refused, unreadable, leftOut = [] }: Imported): string[] {
  return [
    `${path}: ${added} new, ${repeated} repeated, ${refused.length} refused`,
    ...new Set(refused.map((reason) => `  refused: ${reason}`)),
    ...leftOut.map((sentence) => `  left out: ${sentence}`),
    ...(unreadable === undefined
      ? []
      : [`  nothing could be read from byte ${unreadable.offset} on: ${unreadable.detail}`]),
  ];
}

function refuseUseless(files: readonly Imported[]): void {
  const useless = files.find(({ added, repeated }) => added + repeated === 0);
  if (useless === undefined) return;
  const { path, kind } = useless;
  throw malformed(`${path} holds no ${kind === 'batches' ? 'batch' : 'run'} that can be taken in`);
}
