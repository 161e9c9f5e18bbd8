import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { resolveRun } from '../../aggregator/query/resolve-run.ts';
import { adviceFor, oversizedRequests, type Resources } from '../../aggregator/query/rightsize/advice.ts';
import { containerNeeds, readContainerSamples } from '../../aggregator/query/rightsize/container-need.ts';
import { runRef } from '../../aggregator/query/run-view.ts';
import { goodRuns } from '../../aggregator/query/select-runs.ts';
import { PodometerError } from '../../protocol/errors.ts';
import { dataOption, jsonOption, percentage, text, wholeNumber } from '../arguments.ts';
import { type CommandContext, defineCommand, flag, value } from '../command.ts';
import { type History, withHistory } from '../history.ts';
import { parseManifest } from '../manifest/manifest.ts';
import { manifestResources } from '../manifest/resources.ts';
import { resourcesPatch } from '../report/resources-patch.ts';
import { type RightsizeReport, rightsizeReport } from '../report/rightsize-report.ts';

const DEFAULT_RUNS = 10;
const DEFAULT_HEADROOM = 0.2;

export const rightsizeCommand = defineCommand({
  name: 'rightsize',
  summary: 'the requests and limits that the runs of a workload would have needed',
  usage: 'WORKLOAD [OPTIONS]',
  operands: { least: 1, most: 1 },
  options: {
    runs: value('N', `look at the newest N good runs (${DEFAULT_RUNS})`, wholeNumber(1, 200)),
    headroom: value('PERCENT', 'above the peak, for limits and memory (20)', percentage),
    manifest: value('FILE', 'the manifest of the workload, for what is set now', text),
    patch: flag('print nothing but the patch'),
    data: dataOption,
    json: jsonOption,
  },
  examples: [
    { line: 'podometer rightsize train --manifest train.yaml', says: 'beside what the manifest sets' },
    {
      line: 'podometer rightsize web --patch | kubectl patch deployment web --patch-file /dev/stdin',
      says: 'apply it',
    },
  ],
  notes: [
    'CPU is requested at the p95, for want of it only slows; memory at the peak and the headroom, for want of it kills. Of several pods the greatest counts.',
  ],
  async run(context, { options, operands: [workload = ''] }) {
    const { stdout } = context;
    const set = await manifestOf(context, options.manifest, workload);
    const report = await withHistory(context, options.data, 'read', async (history) =>
      reportOf(history, workload, {
        most: options.runs ?? DEFAULT_RUNS,
        headroom: options.headroom ?? DEFAULT_HEADROOM,
        set,
      }),
    );
    if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
    else if (options.patch) stdout.write(resourcesPatch(report.workload.kind, report.containers));
    else stdout.write(rightsizeReport(report, stdout));
    return 0;
  },
});

interface Asked {
  readonly most: number;
  readonly headroom: number;
  readonly set: ReadonlyMap<string, Resources>;
}

function reportOf(
  { store, stateOf }: History,
  name: string,
  { most, headroom, set }: Asked,
): RightsizeReport {
  // Throws with the names that may have been meant.
  const newest = resolveRun(store, `${name}@latest`);
  const records = goodRuns({ index: store, stateOf }, name, { most, before: [] });
  const needs = containerNeeds(readContainerSamples(store, records));
  if (needs.length === 0) {
    throw new PodometerError(
      'PODO_BAD_REQUEST',
      `No container of ${name} was measured in its ${records.length} newest good runs`,
      'Right-sizing needs good runs in pods, with the metric pressure, which is measured by default.',
    );
  }
  const containers = adviceFor(needs, set, headroom);
  return {
    workload: newest.workload,
    runs: records.map(runRef),
    headroom,
    containers,
    findings: oversizedRequests(containers),
  };
}

async function manifestOf(
  { cwd }: CommandContext,
  file: string | undefined,
  workload: string,
): Promise<Map<string, Resources>> {
  if (file === undefined) return new Map();
  try {
    return manifestResources(parseManifest(await readFile(resolve(cwd, file), 'utf8'), file), workload);
  } catch (error) {
    if (error instanceof PodometerError) throw error;
    throw new PodometerError(
      'PODO_MANIFEST_MALFORMED',
      `${file} cannot be read`,
      'Give --manifest a file that exists and may be read.',
      { cause: error },
    );
  }
}
