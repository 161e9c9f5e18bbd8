/** A command line, by the table of the command that it names. */
import { parseArgs } from 'node:util';
import type { PodometerError } from '../protocol/errors.ts';
import type { Command, GivenArguments, Option, OptionTable } from './command.ts';
import { usageError } from './usage-error.ts';

/** `argv`: what follows the command's name. Throws PODO_USAGE. */
export async function parseArguments(command: Command, argv: readonly string[]): Promise<GivenArguments> {
  const terminator = command.takesCommand ? argv.indexOf('--') : -1;
  const own = terminator < 0 ? argv : argv.slice(0, terminator);
  const { tokens, positionals } = parseArgs({
    args: [...own],
    options: nodeOptions(command.options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const texts = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined;
    if (option === undefined) throw await unknownOption(command, token.rawName);
    const text = textOf(command, option, token);
    texts.set(token.name, [...(texts.get(token.name) ?? []), text]);
  }
  checkOperands(command, positionals);
  return {
    options: parseValues(command.options, texts),
    operands: positionals,
    rest: terminator < 0 ? undefined : argv.slice(terminator + 1),
  };
}

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function nodeOptions(table: OptionTable) {
  return Object.fromEntries(
    Object.entries(table).map(([name, { kind, short }]) => [
      name,
      { type: kind === 'flag' ? ('boolean' as const) : ('string' as const), ...(short && { short }) },
    ]),
  );
}

function textOf(
  command: Command,
  option: Option<unknown>,
  { rawName, value, inlineValue }: OptionToken,
): string {
  if (option.kind === 'flag') {
    if (value === undefined) return '';
    throw usageError(`${rawName} is given "${value}", and takes no value`, `Give ${rawName} alone.`);
  }
  // `--name --json`: the value was forgotten; `--name=--json` is meant.
  if (value !== undefined && (inlineValue || !value.startsWith('--'))) return value;
  throw usageError(
    `${rawName} has no value`,
    `Give it as ${rawName} ${option.placeholder}; podometer ${command.name} --help shows examples.`,
  );
}

function parseValues(
  table: OptionTable,
  texts: ReadonlyMap<string, readonly string[]>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(table).map(([name, option]) => [name, option.parse(texts.get(name) ?? [], `--${name}`)]),
  );
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const { least, most } = command.operands;
  if (operands.length >= least && operands.length <= most) return;
  const mend = `podometer ${command.name} ${command.usage}`;
  if (operands.length < least) {
    throw usageError(`${command.name} is given too little`, `Give it as ${mend}`);
  }
  const extra = operands[most];
  throw usageError(
    `${command.name} is given "${extra}", which it does not take`,
    command.takesCommand ? `Put -- before the command that is to be measured: ${mend}` : `Give it as ${mend}`,
  );
}

async function unknownOption(command: Command, rawName: string): Promise<PodometerError> {
  const { nearest } = await import('../aggregator/query/nearest.ts');
  const { clusterOptions } = await import('./history-client/history-options.ts');
  const name = rawName.replace(/^-+/, '');
  if (command.onlyHere !== undefined && (name === 'n' || Object.hasOwn(clusterOptions, name))) {
    return usageError(
      `${command.name} works on this machine alone, and takes no ${rawName}`,
      command.onlyHere,
    );
  }
  const [near] = nearest(name, Object.keys(command.options));
  const meant = near === undefined ? '' : `Did you mean --${near}? `;
  const ofCommand = command.takesCommand ? ' What belongs to the measured command follows --.' : '';
  return usageError(
    `${command.name} has no option ${rawName}`,
    `${meant}podometer ${command.name} --help lists them.${ofCommand}`,
  );
}
