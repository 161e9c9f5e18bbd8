import { DEFAULT_BASELINE_RUNS, type RetentionPolicy } from '../../aggregator/retention/policy.ts';
import { applyPlan, planFor } from '../../aggregator/retention/retain.ts';
import { age, byteSize, dataOption, jsonOption, wholeNumber } from '../arguments.ts';
import { defineCommand, flag, value } from '../command.ts';
import { isConfirmed } from '../confirmation.ts';
import { withHistory } from '../history.ts';
import { retentionJson, retentionSummary, retentionTable } from '../report/retention-table.ts';
import { usageError } from '../usage-error.ts';

const LIMITS = {
  'samples-for': value('AGE', 'then keep the levels: cells of 10 s, 1 min and 10 min', age),
  'levels-for': value('AGE', 'then keep the summary: totals, processes and events', age),
  'runs-for': value('AGE', 'then delete the run', age),
  runs: value('N', 'runs of each workload', wholeNumber(1, 1_000_000)),
  bytes: value('SIZE', 'of all history', byteSize),
  free: value('SIZE', 'that the disk is to have free', byteSize),
} as const;

export const retentionCommand = defineCommand({
  name: 'retention',
  summary: 'thin out or delete old runs, or tell which would go and why',
  usage: 'LIMITS [OPTIONS]',
  operands: { least: 0, most: 0 },
  options: {
    ...LIMITS,
    baseline: value(
      'N',
      `last good runs of each workload that are never deleted (${DEFAULT_BASELINE_RUNS})`,
      wholeNumber(0, 10_000),
    ),
    'dry-run': flag('change nothing'),
    yes: flag('do not ask', 'y'),
    data: dataOption,
    json: jsonOption,
  },
  onlyHere: 'In a cluster the aggregators keep to the PODOMETER_KEEP_… of the chart (docs/retention.md).',
  examples: [
    { line: 'podometer retention --samples-for 30d --runs-for 1y --dry-run', says: 'what age would take' },
    { line: 'podometer retention --bytes 5Gi --yes', says: 'thin, oldest runs first, until 5 GiB are left' },
  ],
  notes: [
    'Runs that go on, that are pinned or have the tag `baseline` are not touched. To make room, everything is thinned before anything is deleted.',
  ],
  run: (context, { options }) => {
    const policy = policyOf(options);
    const { stdout, clock } = context;
    const mode = options['dry-run'] ? 'read' : 'change';
    return withHistory(context, options.data, mode, async ({ store, stateOf }) => {
      const plan = await planFor(store, stateOf, policy, clock.wallMs());
      const { steps } = plan;
      const text = options.json
        ? `${JSON.stringify(retentionJson(plan))}\n`
        : `${steps.length === 0 ? '' : retentionTable(steps, stdout)}${retentionSummary(plan)}`;
      if (options['dry-run'] || steps.length === 0 || options.yes) stdout.write(text);
      if (options['dry-run'] || steps.length === 0) return 0;
      if (!options.yes) {
        context.stderr.write(text);
        const question = `Do this to ${steps.length} ${steps.length === 1 ? 'run' : 'runs'}?`;
        if (!(await isConfirmed(context, 'Thinning out history', question))) return 0;
      }
      await applyPlan(store, stateOf, plan);
      return 0;
    });
  },
});

type GivenLimits = Readonly<Record<keyof typeof LIMITS | 'baseline', number | undefined>>;

/** Throws PODO_USAGE where no limit was given. */
function policyOf(given: GivenLimits): RetentionPolicy {
  const limits = {
    samplesForMs: given['samples-for'],
    levelsForMs: given['levels-for'],
    runsForMs: given['runs-for'],
    runsPerWorkload: given.runs,
    mostBytes: given.bytes,
    leastFreeBytes: given.free,
  };
  const set = Object.entries(limits).filter(([, limit]) => limit !== undefined);
  if (set.length > 0) {
    return { ...Object.fromEntries(set), baselineRuns: given.baseline ?? DEFAULT_BASELINE_RUNS };
  }
  const names = Object.keys(LIMITS).map((name) => `--${name}`);
  throw usageError('No limit was given', `Give one or more of ${names.join(', ')}.`);
}
