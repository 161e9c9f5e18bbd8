import { dataOption, wholeNumber } from '../arguments.ts';
import { type CommandContext, defineCommand, flag, value } from '../command.ts';
import { commandLoaders } from '../command-list.ts';
import { demoProgram } from '../package.ts';
import { parseArguments } from '../parse-arguments.ts';

const WORKLOAD = 'demo';
const LEVELS = ['1', '9'] as const;

export const demoCommand = defineCommand({
  name: 'demo',
  summary: 'measure a workload that ships with podometer twice, compare, and show the page',
  usage: '[OPTIONS]',
  operands: { least: 0, most: 0 },
  options: {
    'no-serve': flag('end after the comparison'),
    port: value('PORT', 'where the page is served; 0: any free port (0)', wholeNumber(0, 65_535)),
    data: dataOption,
  },
  examples: [{ line: 'podometer demo', says: 'see what podometer does, in half a minute' }],
  notes: ['The second run compresses harder: more CPU time, a longer run, fewer bytes written.'],
  async run(context, { options }) {
    const data = options.data === undefined ? [] : ['--data', options.data];
    for (const level of LEVELS) {
      const tag = `compression-level=${level}`;
      context.stderr.write(`\nMeasuring the demo at ${tag} …\n`);
      const command = [process.execPath, demoProgram(), '--compression-level', level];
      const failed = await podometer(
        context,
        'run',
        ...data,
        '--name',
        WORKLOAD,
        '--tag',
        tag,
        '--',
        ...command,
      );
      if (failed !== 0) return failed;
    }
    context.stderr.write('\nThe two runs beside each other:\n');
    await podometer(context, 'compare', ...data, `${WORKLOAD}@-1`, `${WORKLOAD}@latest`);
    if (options['no-serve']) return 0;
    context.stderr.write('\nThe page (Ctrl-C ends it):\n');
    return podometer(context, 'serve', ...data, '--port', String(options.port ?? 0));
  },
});

/** One command of ours, as if it had been typed. */
async function podometer(context: CommandContext, name: string, ...argv: readonly string[]): Promise<number> {
  const command = await commandLoaders.get(name)?.();
  if (command === undefined) throw new Error(`there is no command ${name}`);
  return command.run(context, await parseArguments(command, argv));
}
