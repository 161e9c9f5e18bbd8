/** From a command line to an exit code. */
import type { PodometerError } from '../protocol/errors.ts';
import type { CommandContext } from './command.ts';
import { commandLoaders } from './command-list.ts';

/** `argv`: what follows `podometer`. Resolves to the exit code, after failures were told on stderr. */
export async function runCommandLine(argv: readonly string[], context: CommandContext): Promise<number> {
  try {
    return await dispatch(argv, context);
  } catch (thrown) {
    const { asPodometerError } = await import('../lib/errors.ts');
    const error = asPodometerError(thrown);
    await tell(error, ownArguments(argv).includes('--json'), context);
    return error.exitCode;
  }
}

async function dispatch(argv: readonly string[], context: CommandContext): Promise<number> {
  const { before, from } = leadingOptions(argv);
  const [name, ...after] = from;
  const rest = [...before, ...after];
  if (name === '--version' || name === '-V') {
    const { packageVersion } = await import('./package.ts');
    context.stdout.write(`podometer ${packageVersion()}\n`);
    return 0;
  }
  if ((name === undefined && before.length === 0) || name === '--help' || name === '-h' || name === 'help') {
    return help(after[0], context);
  }
  const load = name === undefined ? undefined : commandLoaders.get(name);
  if (name === undefined || load === undefined) throw await unknownCommand(name);
  if (ownArguments(rest).some((argument) => argument === '--help' || argument === '-h')) {
    return help(name, context);
  }
  const command = await load();
  const { parseArguments } = await import('./parse-arguments.ts');
  return command.run(context, await parseArguments(command, rest));
}

/** Options of a cluster may stand before the command, as people are used to from kubectl: `podometer -n team runs`. */
const LEADING = ['-n', '--namespace', '--context', '--kubeconfig', '--service-account'];

function leadingOptions(argv: readonly string[]): {
  readonly before: readonly string[];
  readonly from: readonly string[];
} {
  let end = 0;
  while (LEADING.includes(argv[end]?.split('=', 1)[0] ?? '')) end += argv[end]?.includes('=') ? 1 : 2;
  return { before: argv.slice(0, end), from: argv.slice(end) };
}

async function help(name: string | undefined, { stdout, isKubectlPlugin }: CommandContext): Promise<number> {
  const { commandHelp, programHelp } = await import('./help.ts');
  const program = isKubectlPlugin ? 'kubectl podometer' : 'podometer';
  if (name === undefined) {
    const commands = await Promise.all([...commandLoaders.values()].map((load) => load()));
    stdout.write(programHelp(commands, stdout, program));
    return 0;
  }
  const load = commandLoaders.get(name);
  if (load === undefined) throw await unknownCommand(name);
  stdout.write(commandHelp(await load(), stdout, program));
  return 0;
}

async function unknownCommand(name: string | undefined): Promise<PodometerError> {
  const { usageError } = await import('./usage-error.ts');
  if (name === undefined) return usageError('No command was given', 'podometer --help lists the commands.');
  const { nearest } = await import('../aggregator/query/nearest.ts');
  const [near] = nearest(name, [...commandLoaders.keys()]);
  const meant = near === undefined ? '' : `Did you mean podometer ${near}? `;
  const what = name.startsWith('-') ? 'option' : 'command';
  return usageError(`There is no ${what} ${name}`, `${meant}podometer --help lists the commands.`);
}

/** Everything after `--` belongs to the measured command. */
function ownArguments(argv: readonly string[]): readonly string[] {
  const terminator = argv.indexOf('--');
  return terminator < 0 ? argv : argv.slice(0, terminator);
}

async function tell(error: PodometerError, asJson: boolean, { stderr }: CommandContext): Promise<void> {
  if (asJson) {
    const { problemOf } = await import('../aggregator/routes/problem.ts');
    stderr.write(`${JSON.stringify(problemOf(error))}\n`);
    return;
  }
  const { describeError } = await import('../lib/errors.ts');
  const { printable } = await import('./terminal/width.ts');
  stderr.write(`${describeError(error).split('\n').map(printable).join('\n')}\n`);
  if (error.code === 'PODO_INTERNAL' && error.cause instanceof Error) stderr.write(`${error.cause.stack}\n`);
}
