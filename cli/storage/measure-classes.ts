/** Measures volumes of StorageClasses, one after the other, so that none disturbs another. */
import { constants } from 'node:os';
import { toolOptions } from '../../agent/storage-tools/tool-options.ts';
import { asPodometerError } from '../../lib/errors.ts';
import type { PodometerError } from '../../protocol/errors.ts';
import type { MetricSetSpec, StorageStatus } from '../../protocol/metric-set.ts';
import type { ToolOptions } from '../../protocol/storage-options.ts';
import { loadKubeconfig, namespaceOf } from '../cluster/kubeconfig.ts';
import type { CommandContext } from '../command.ts';
import type { ClusterOptions } from '../history-client/history-options.ts';
import { classResults, type MeasuredClass } from '../report/class-results.ts';
import { ClassLine } from './class-line.ts';
import { endingSignals } from './ending-signals.ts';
import { MetricSetRuns } from './metric-set-runs.ts';
import { ResultSeries } from './result-series.ts';
import { toolNamed } from './storage-request.ts';

const EVERY_MS = 1000;
const SIGNALLED = 128;

export interface ClassMeasuring {
  readonly classes: readonly string[];
  /** Of the claim, as a Kubernetes quantity. */
  readonly size: string;
  readonly tool: string;
  readonly options: ToolOptions;
  readonly runs: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Leave the MetricSets where they are, with their claims. */
  readonly keep: boolean;
  readonly json: boolean;
  readonly cluster: Pick<ClusterOptions, 'namespace' | 'context' | 'kubeconfig'>;
}

/**
 * Resolves to the exit code. What was measured is told before anything is thrown: PODO_TOOL_FAILED of the first class
 * that failed, or, without going on to the next, what else `MetricSetRuns` throws. What was made is deleted before.
 */
export async function measureClasses(context: CommandContext, asked: ClassMeasuring): Promise<number> {
  const tool = toolNamed(asked.tool);
  const options = toolOptions(tool, asked.options);
  const { runtimeSeconds } = tool.plan(options);
  const config = loadKubeconfig(context, asked.cluster);
  const namespace = asked.cluster.namespace ?? namespaceOf(config);
  const runs = new MetricSetRuns({ config, clock: context.clock, namespace, everyMs: EVERY_MS });
  const ending = endingSignals();
  const { told } = ending;
  const measured: MeasuredClass[] = [];
  const failures: PodometerError[] = [];
  for (const storageClass of asked.classes) {
    const title = `${storageClass}: ${tool.name} ${options.profile}`;
    const line = new ClassLine(context.stderr, context.clock, { title, runtimeSeconds });
    const series = new ResultSeries();
    const one = { storageClass, spec: specOf(asked, storageClass, options), keep: asked.keep };
    const failure = await measureOne(runs, one, { line, series }, told).catch(asPodometerError);
    if (failure !== undefined) failures.push(failure);
    const ended = told.aborted ? `ended by ${told.reason}` : failure?.message;
    measured.push({ storageClass, ...series.shown(), ...(ended !== undefined && { failure: ended }) });
    if (told.aborted || (failure !== undefined && failure.code !== 'PODO_TOOL_FAILED')) break;
  }
  ending.stop();
  tellMeasured(context, measured, namespace, asked);
  const [first] = failures;
  if (first !== undefined) throw first;
  if (!told.aborted) return 0;
  return SIGNALLED + constants.signals[told.reason as NodeJS.Signals];
}

function tellMeasured(
  { stdout }: CommandContext,
  measured: readonly MeasuredClass[],
  namespace: string,
  { json, runs }: ClassMeasuring,
): void {
  if (measured.every(({ run, results }) => run === undefined && results.length === 0)) return;
  if (json) stdout.write(`${JSON.stringify({ namespace, classes: measured })}\n`);
  else stdout.write(classResults(measured, { namespace, runs }, stdout));
}

interface OneClass {
  readonly storageClass: string;
  readonly spec: MetricSetSpec;
  readonly keep: boolean;
}

/** Resolves to nothing, also where it was told to stop: nothing is kept then, whatever was asked for. */
async function measureOne(
  runs: MetricSetRuns,
  { storageClass, spec, keep }: OneClass,
  { line, series }: { readonly line: ClassLine; readonly series: ResultSeries },
  stop: AbortSignal,
): Promise<undefined> {
  const made = await runs.create(storageClass, spec);
  const seen = (status: StorageStatus): void => {
    series.add(status);
    line.show(status);
  };
  try {
    series.add(await runs.follow(made, seen, stop));
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    line.end();
    if (!keep) await runs.remove(made);
    else if (stop.aborted) await runs.removeWithClaims(made);
    else line.tell(`MetricSet ${made.name} is kept, with its claim`);
  }
}

function specOf(
  { size, tool, runs, tags, keep, options: given }: ClassMeasuring,
  storageClassName: string,
  options: ToolOptions,
): MetricSetSpec {
  return {
    metrics: [
      {
        name: 'storage',
        tool: toolNamed(tool).name,
        volume: { claimTemplate: { storageClassName, size, ...(keep && { keep }) } },
        // As they were given: what is left out is for the tool's own version to say.
        options: Object.fromEntries(Object.entries(options).filter(([key]) => Object.hasOwn(given, key))),
        runs,
      },
    ],
    tags: { ...tags, class: storageClassName },
  };
}
