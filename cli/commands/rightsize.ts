import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  adviceFor,
  DEFAULT_HEADROOM,
  oversizedRequests,
  type Resources,
} from '../../aggregator/query/rightsize/advice.ts';
import { PodometerError } from '../../protocol/errors.ts';
import type { WorkloadNeeds } from '../../protocol/needs.ts';
import { jsonOption, percentage, text, wholeNumber } from '../arguments.ts';
import { type CommandContext, defineCommand, flag, value } from '../command.ts';
import { historyOptions } from '../history-client/history-options.ts';
import { withHistoryClient } from '../history-client/with-history-client.ts';
import { parseManifest } from '../manifest/manifest.ts';
import { manifestResources } from '../manifest/resources.ts';
import { resourcesPatch } from '../report/resources-patch.ts';
import { type RightsizeReport, rightsizeReport } from '../report/rightsize-report.ts';

const DEFAULT_RUNS = 10;

export const rightsizeCommand = defineCommand({
  name: 'rightsize',
  summary: 'the requests and limits that the runs of a workload would have needed',
  usage: 'WORKLOAD [OPTIONS]',
  operands: { least: 1, most: 1 },
  options: {
    runs: value('N', `look at the newest N good runs (${DEFAULT_RUNS})`, wholeNumber(1, 200)),
    headroom: value('PERCENT', 'above the peak, for limits and memory (20)', percentage),
    manifest: value('FILE', 'the manifest of the workload, for what is set now (what its pods had)', text),
    patch: flag('print nothing but the patch'),
    ...historyOptions,
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
    const needs = await withHistoryClient(context, options, 'read', (history) =>
      history.needs(workload, options.runs ?? DEFAULT_RUNS),
    );
    const report = reportOf(needs, set, options.headroom ?? DEFAULT_HEADROOM);
    if (options.json) stdout.write(`${JSON.stringify(report)}\n`);
    else if (options.patch) stdout.write(resourcesPatch(report.workload.kind, report.containers));
    else stdout.write(rightsizeReport(report, stdout));
    return 0;
  },
});

function reportOf(
  { workload, runs, containers: needs }: WorkloadNeeds,
  set: ReadonlyMap<string, Resources>,
  headroom: number,
): RightsizeReport {
  const containers = adviceFor(needs, set, headroom);
  return { workload, runs, headroom, containers, findings: oversizedRequests(containers) };
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
