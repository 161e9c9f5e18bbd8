/** Measures volumes of StorageClasses, one after the other, so that none disturbs another. */
import { constants } from 'node:os';
import { toolOptions } from '../../agent/storage-tools/tool-options.ts';
import type { MetricSetSpec, StorageStatus } from '../../protocol/metric-set.ts';
import { type StorageToolName, storageToolNames, type ToolOptions } from '../../protocol/storage-options.ts';
import { loadKubeconfig, namespaceOf } from '../cluster/kubeconfig.ts';
import type { CommandContext } from '../command.ts';
import type { ClusterOptions } from '../history-client/history-options.ts';
import { classResults, type MeasuredClass } from '../report/class-results.ts';
import { stopSignal } from '../serve/local-listener.ts';
import { ClassLine } from './class-line.ts';
import { MetricSetRuns } from './metric-set-runs.ts';
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

/** Resolves to the exit code. Throws what `MetricSetRuns` does; what was made is deleted before. */
export async function measureClasses(context: CommandContext, asked: ClassMeasuring): Promise<number> {
  const { stdout, stderr, clock } = context;
  const tool = toolNamed(asked.tool);
  const options = toolOptions(tool, asked.options);
  const { runtimeSeconds } = tool.plan(options);
  const config = loadKubeconfig(context, asked.cluster);
  const namespace = asked.cluster.namespace ?? namespaceOf(config);
  const runs = new MetricSetRuns({ config, clock, namespace, everyMs: EVERY_MS });
  const stop = new AbortController();
  void stopSignal().then((signal) => stop.abort(signal));
  const measured: MeasuredClass[] = [];
  for (const storageClass of asked.classes) {
    const title = `${storageClass}: ${tool.name} ${options.profile}`;
    const line = new ClassLine(stderr, clock, { title, runtimeSeconds });
    const spec = specOf(asked, storageClass, options);
    const storage = await measureOne(runs, { storageClass, spec, keep: asked.keep }, line, stop.signal);
    if (storage === undefined) return SIGNALLED + constants.signals[stop.signal.reason as NodeJS.Signals];
    const { run, results = [] } = storage;
    measured.push({ storageClass, ...(run !== undefined && { run }), results });
  }
  const json = `${JSON.stringify({ namespace, classes: measured })}\n`;
  stdout.write(asked.json ? json : classResults(measured, namespace, stdout));
  return 0;
}

interface OneClass {
  readonly storageClass: string;
  readonly spec: MetricSetSpec;
  readonly keep: boolean;
}

/** Undefined where it was told to stop: nothing is kept then, whatever was asked for. */
async function measureOne(
  runs: MetricSetRuns,
  { storageClass, spec, keep }: OneClass,
  line: ClassLine,
  stop: AbortSignal,
): Promise<StorageStatus | undefined> {
  const name = await runs.create(storageClass, spec);
  try {
    return await runs.follow(name, (status) => line.show(status), stop);
  } catch (error) {
    if (stop.aborted) return undefined;
    throw error;
  } finally {
    line.end();
    if (keep && !stop.aborted) line.tell(`MetricSet ${name} is kept`);
    else await runs.remove(name);
  }
}

function specOf(
  { size, tool, runs, tags, options: given }: ClassMeasuring,
  storageClassName: string,
  options: ToolOptions,
): MetricSetSpec {
  return {
    metrics: [
      {
        name: 'storage',
        tool: storageToolNames.find((name) => name === tool) as StorageToolName,
        volume: { claimTemplate: { storageClassName, size } },
        // As they were given: what is left out is for the tool's own version to say.
        options: Object.fromEntries(Object.entries(options).filter(([key]) => Object.hasOwn(given, key))),
        runs,
      },
    ],
    tags: { ...tags, class: storageClassName },
  };
}
