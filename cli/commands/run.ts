import { basename } from 'node:path';
import type { ResultSource } from '../../agent/results/result-source.ts';
import { defaultChoice } from '../../protocol/metric-choice.ts';
import { defaultMetrics, metricNames } from '../../protocol/metrics.ts';
import { dataOption, duration, jsonOption, metricChoice, tag, text, wholeNumber } from '../arguments.ts';
import { type CommandContext, defineCommand, flag, list, value } from '../command.ts';
import { usageError } from '../usage-error.ts';

const LEAST_INTERVAL_MS = 10;
const MOST_INTERVAL_MS = 60_000;

export const runCommand = defineCommand({
  name: 'run',
  summary: 'measure a command, or a running process, and everything that it starts',
  usage: '[OPTIONS] -- COMMAND [ARGUMENTS]',
  options: {
    interval: value(
      'TIME',
      'time between two samples, 10ms to 60s (100ms)',
      duration(LEAST_INTERVAL_MS, MOST_INTERVAL_MS),
    ),
    name: value('NAME', "the workload's name (the command's)", text),
    tag: list('KEY=VALUE', 'a tag of the run', tag),
    metrics: value(
      'NAMES',
      `what to measure, of ${metricNames.join(', ')} (${defaultMetrics.join(',')})`,
      metricChoice,
    ),
    runs: value('N', 'run the command N times, each a run of its own (1)', wholeNumber(1, 10_000)),
    pid: value(
      'PID',
      'measure this running process until it ends or Ctrl-C, which ends the measuring only',
      wholeNumber(1, 4_194_304),
    ),
    measure: list(
      'PATTERN',
      "a figure that the command prints, as a regular expression with a group: 'loss=([0-9.]+)'",
      text,
    ),
    'cpu-budget': value(
      'PERCENT',
      'of one core, for the measuring itself; beyond it the interval is stretched (1)',
      wholeNumber(1, 100),
    ),
    'record-args': flag('record the arguments of every process (they can hold secrets)'),
    data: dataOption,
    json: jsonOption,
  },
  operands: { least: 0, most: 0 },
  takesCommand: true,
  onlyHere: 'To have a workload of a cluster measured, label it: podometer label KIND/NAME -n NAMESPACE.',
  examples: [
    { line: 'podometer run -- make -j8', says: 'measure a build' },
    {
      line: 'podometer run --name train --tag lr=0.1 -- python train.py',
      says: 'name the workload and tag the run',
    },
    { line: 'podometer run --runs 5 -- ./bench', says: 'five runs, to see the noise' },
    {
      line: "podometer run --measure 'loss=([0-9.]+)' -- ./train",
      says: 'with a figure that the program tells itself',
    },
    { line: 'podometer run --pid 4711', says: 'measure what is running already' },
  ],
  notes: [
    'The command has your terminal, its exit code is the exit code (128+n for a signal), and the summary goes to stderr. A line that tells how the run goes is shown there while the output of the command goes elsewhere (> FILE, | less, --measure), and with --pid.',
    'Ctrl-C reaches the command from the terminal. A signal that is sent to podometer alone is passed on to it. One that `kill` sends to both by their group reaches it twice where no terminal controls them.',
    'With --measure the output passes through podometer, byte for byte: the command writes to a pipe and not to the terminal.',
    'Every process that the command starts is measured, daemons too. What escapes is a process that leaves its parent and clears its environment, or changes its user, between two samples. With --pid nothing in the environment marks them: what escapes is also a process whose parent ended between two samples after its own start (an orphan, a daemon).',
  ],
  async run(context, { options, rest }) {
    const command = rest ?? [];
    if (options.pid === undefined && command.length === 0) {
      throw usageError(
        'run needs a command to measure',
        'Give it after --, for example: podometer run -- ls -l',
      );
    }
    if (options.pid !== undefined && command.length > 0) {
      throw usageError('--pid and a command were both given', 'Give one of them.');
    }
    if (options.pid !== undefined && options.runs !== undefined) {
      throw usageError(
        '--pid and --runs were both given',
        'A process that runs already can be measured once.',
      );
    }
    if (options.pid !== undefined && options.measure.length > 0) {
      throw usageError(
        '--pid and --measure were both given',
        'The output of a process that runs already cannot be read.',
      );
    }
    // The thread that starts the command comes up while the rest is loaded.
    const { Launcher } = await import('../../agent/launcher.ts');
    const launcher = new Launcher();
    const [{ measure }, { showLiveLine, showLiveTitle }] = await Promise.all([
      import('../run/measure.ts'),
      import('../run/live-line.ts'),
    ]);
    const results = options.measure.length === 0 ? undefined : await programOutput(context, options.measure);
    return measure(context, {
      target: options.pid ?? command,
      launcher,
      name: options.name ?? (command[0] === undefined ? undefined : basename(command[0])),
      runs: options.runs ?? 1,
      intervalMs: options.interval ?? 100,
      cpuShare: (options['cpu-budget'] ?? 1) / 100,
      choice: options.metrics ?? defaultChoice,
      tags: Object.fromEntries(options.tag),
      recordArgs: options['record-args'],
      data: options.data,
      json: options.json,
      results,
      // Where the command draws on the same terminal, a line would spoil what it draws.
      live:
        options.pid === undefined && context.stdout.isTty
          ? (run) => showLiveTitle(context.stderr, run)
          : (run) => showLiveLine(context.stderr, run),
    });
  },
});

const MOST_PATTERNS = 16;

/** What follows the command's output in each run. */
async function programOutput(
  { clock, platform }: CommandContext,
  texts: readonly string[],
): Promise<() => ResultSource> {
  if (platform === 'win32') {
    throw usageError('--measure was given on Windows, which has no named pipes in files', 'Leave it out.');
  }
  if (texts.length > MOST_PATTERNS) {
    throw usageError(
      `--measure was given ${texts.length} times`,
      `Give it at most ${MOST_PATTERNS} times; one pattern may have several groups with names.`,
    );
  }
  const { parseOutputPattern } = await import('../../agent/results/output-pattern.ts');
  const { ProgramOutput } = await import('../../agent/results/program-output.ts');
  const patterns = texts.map((given) => {
    const pattern = parseOutputPattern(given);
    if (typeof pattern !== 'string') return pattern;
    throw usageError(
      `--measure is "${given}", which ${pattern}`,
      "Give a pattern with the number in parentheses after its name, 'loss=([0-9.]+)', or with a name in them: '(?<loss>[0-9.]+)'.",
    );
  });
  return () => new ProgramOutput({ patterns, target: 1, monotonicMs: clock.monotonicMs });
}
