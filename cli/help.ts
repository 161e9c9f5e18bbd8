/** The help of the program and of each command, from their tables. */
import type { Command, Output } from './command.ts';
import { type Paint, painter } from './terminal/colour.ts';
import { wrapWords } from './terminal/width.ts';

const INDENT = '  ';
const NOTE_COLUMNS = 100;
/** A narrower terminal has to wrap the lines itself. */
const LEAST_ROOM = 20;

/** As people call it: `podometer` or `kubectl podometer`. */
export type ProgramName = 'podometer' | 'kubectl podometer';

export function programHelp(
  commands: readonly Command[],
  output: Pick<Output, 'colour' | 'columns'>,
  program: ProgramName,
): string {
  const paint = painter(output.colour);
  return [
    ...wrapWords(
      `${program}: what every process of every run used, kept as history and compared with the runs before`,
      output.columns,
    ),
    '',
    paint('heading', 'Usage'),
    `${INDENT}${program} COMMAND [OPTIONS]`,
    '',
    paint('heading', 'Commands'),
    ...pairs(
      commands.map(({ name, summary }) => [name, summary]),
      output.columns,
    ),
    '',
    paint('heading', 'Options'),
    ...pairs(
      [
        ['-h, --help', `this text, or that of a command: ${program} run --help`],
        ['-n, --namespace NAMESPACE', 'ask the aggregator of a namespace, before or after the COMMAND'],
        ['-V, --version', 'the version'],
      ],
      output.columns,
    ),
    '',
    ...(program === 'kubectl podometer'
      ? [
          ...wrapWords(
            "History is that of the kubeconfig's namespace; --data DIR asks for one on this machine.",
            output.columns,
          ),
          '',
        ]
      : []),
    ...wrapWords(
      'RUN names a run: its id, WORKLOAD@7, WORKLOAD@latest or WORKLOAD@-1 (the one before the latest).',
      output.columns,
    ),
    '',
  ].join('\n');
}

export function commandHelp(
  command: Command,
  output: Pick<Output, 'colour' | 'columns'>,
  program: ProgramName,
): string {
  const paint = painter(output.colour);
  return [
    ...wrapWords(`${program} ${command.name}: ${command.summary}`, output.columns),
    '',
    paint('heading', 'Usage'),
    `${INDENT}${program} ${command.name} ${command.usage}`,
    '',
    paint('heading', 'Options'),
    ...pairs([...optionPairs(command), ['-h, --help', 'this text']], output.columns),
    '',
    ...(command.tables ?? []).flatMap(({ title, rows }) => [
      paint('heading', title),
      ...pairs(rows, output.columns),
      '',
    ]),
    ...(command.notes ?? []).flatMap((note) => [
      ...wrapWords(note, Math.min(output.columns, NOTE_COLUMNS)),
      '',
    ]),
    paint('heading', 'Examples'),
    ...examples(command, paint, program),
    '',
  ].join('\n');
}

function optionPairs({ options }: Command): [string, string][] {
  return Object.entries(options).map(([name, { short, placeholder, summary, kind }]) => {
    const spelled = `${short === undefined ? '' : `-${short}, `}--${name}`;
    const many = kind === 'list' ? ' (may be repeated)' : '';
    return [placeholder === '' ? spelled : `${spelled} ${placeholder}`, `${summary}${many}`];
  });
}

function examples({ examples }: Command, paint: Paint, program: ProgramName): string[] {
  return examples.flatMap(({ line, says }) => [
    `${INDENT}${paint('quiet', `# ${says}`)}`,
    `${INDENT}${line.replace(/^podometer\b/, program)}`,
  ]);
}

/** What the right side needs beyond the width goes on under itself. */
function pairs(rows: readonly (readonly [string, string])[], columns: number): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  const room = Math.max(LEAST_ROOM, columns - width - 2 * INDENT.length);
  return rows.flatMap(([left, right]) =>
    wrapWords(right, room).map(
      (line, i) => `${INDENT}${(i === 0 ? left : '').padEnd(width)}${INDENT}${line}`,
    ),
  );
}
