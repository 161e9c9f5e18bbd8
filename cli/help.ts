/** The help of the program and of each command, from their tables. */
import type { Command, Output } from './command.ts';
import { type Paint, painter } from './terminal/colour.ts';
import { wrapWords } from './terminal/width.ts';

const INDENT = '  ';
const NOTE_COLUMNS = 100;

export function programHelp(commands: readonly Command[], output: Pick<Output, 'colour'>): string {
  const paint = painter(output.colour);
  return [
    'podometer: what every process of every run used, kept as history and compared with the runs before',
    '',
    paint('heading', 'Usage'),
    `${INDENT}podometer COMMAND [OPTIONS]`,
    '',
    paint('heading', 'Commands'),
    ...pairs(commands.map(({ name, summary }) => [name, summary])),
    '',
    paint('heading', 'Options'),
    ...pairs([
      ['-h, --help', 'this text, or that of a command: podometer run --help'],
      ['-V, --version', 'the version'],
    ]),
    '',
    'RUN names a run: its id, WORKLOAD@7, WORKLOAD@latest or WORKLOAD@-1 (the one before the latest).',
    '',
  ].join('\n');
}

export function commandHelp(command: Command, output: Pick<Output, 'colour' | 'columns'>): string {
  const paint = painter(output.colour);
  return [
    `podometer ${command.name}: ${command.summary}`,
    '',
    paint('heading', 'Usage'),
    `${INDENT}podometer ${command.name} ${command.usage}`,
    '',
    paint('heading', 'Options'),
    ...pairs([...optionPairs(command), ['-h, --help', 'this text']]),
    '',
    ...(command.notes ?? []).flatMap((note) => [
      ...wrapWords(note, Math.min(output.columns, NOTE_COLUMNS)),
      '',
    ]),
    paint('heading', 'Examples'),
    ...examples(command, paint),
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

function examples({ examples }: Command, paint: Paint): string[] {
  return examples.flatMap(({ line, says }) => [
    `${INDENT}${paint('quiet', `# ${says}`)}`,
    `${INDENT}${line}`,
  ]);
}

function pairs(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${INDENT}${left.padEnd(width)}${INDENT}${right}`);
}
