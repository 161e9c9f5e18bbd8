import { runRef } from '../../aggregator/query/run-view.ts';
import type { RunRecord } from '../../aggregator/store/model.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { dataOption, jsonOption } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { type History, viewOf, withHistory } from '../history.ts';
import { batchFilesAt, type ImportedFile, importFile } from '../import/import-file.ts';
import { printable } from '../terminal/width.ts';

export const importCommand = defineCommand({
  name: 'import',
  summary: 'take in what a run kept in a file when its history could not be written',
  usage: 'FILE|FOLDER [OPTIONS]',
  operands: { least: 1, most: 1 },
  options: { data: dataOption, json: jsonOption },
  onlyHere: 'The aggregator of a namespace takes in what agents send alone.',
  examples: [
    { line: 'podometer import podometer-0b7c….batches', says: 'the file that `podometer run` named' },
    { line: 'podometer import .', says: 'all such files of a folder' },
  ],
  notes: [
    'It may be repeated: a batch that is in the history already changes nothing. Of a damaged file, what is whole is taken in and the rest is told of.',
  ],
  run: (context, { options, operands: [path = ''] }) =>
    withHistory(context, options.data, 'write', async (history) => {
      const files: ImportedFile[] = [];
      for (const file of batchFilesAt(path, context.cwd)) files.push(await importFile(history.store, file));
      const runs = runsOf(history, files);
      for (const { id } of runs.filter((run) => history.stateOf(run) !== 'running'))
        await history.store.seal(id);
      context.stdout.write(
        options.json
          ? `${JSON.stringify({ files: files.map(({ agents: _, ...file }) => file), runs: runs.map((run) => viewOf(history, run)) })}\n`
          : printed(files, runs),
      );
      refuseUseless(files);
      return 0;
    }),
});

/** The runs that batches of the files belong to. */
function runsOf({ store }: History, files: readonly ImportedFile[]): RunRecord[] {
  const agents = new Set(files.flatMap((file) => [...file.agents]));
  return [...store.runs()].filter(({ members }) => members.some(({ agent }) => agents.has(agent)));
}

function printed(files: readonly ImportedFile[], runs: readonly RunRecord[]): string {
  const refs = runs.map((run) => runRef(run)).join(', ');
  return [...files.flatMap(fileLines), ...(refs === '' ? [] : [`Runs: ${refs}`])]
    .map((line) => `${printable(line)}\n`)
    .join('');
}

function fileLines({ path, added, repeated, refused, unreadable }: ImportedFile): string[] {
  return [
    `${path}: ${added} new, ${repeated} repeated, ${refused.length} refused`,
    ...new Set(refused.map((reason) => `  refused: ${reason}`)),
    ...(unreadable === undefined
      ? []
      : [`  nothing could be read from byte ${unreadable.offset} on: ${unreadable.detail}`]),
  ];
}

function refuseUseless(files: readonly ImportedFile[]): void {
  const useless = files.find(({ added, repeated }) => added + repeated === 0);
  if (useless === undefined) return;
  throw new PodometerError(
    'PODO_IMPORT_MALFORMED',
    `${useless.path} holds no batch that can be taken in`,
    'Give a file that `podometer run` named when its history could not be written.',
  );
}
