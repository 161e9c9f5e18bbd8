/** Runs a storage tool on a volume, as often as asked for, each time as a run of its own. */
import { constants } from 'node:os';
import type { Launcher } from '../../agent/launcher.ts';
import { endingWithUs } from '../../agent/storage-tools/ends-with-us.ts';
import { ToolRun } from '../../agent/storage-tools/tool-run.ts';
import { storeReadOnly } from '../../aggregator/store/failures.ts';
import type { PodometerError } from '../../protocol/errors.ts';
import type { RunView } from '../../protocol/query.ts';
import type { Tags } from '../../protocol/run.ts';
import type { CommandContext } from '../command.ts';
import { type History, processesOf, viewOf, withHistory } from '../history.ts';
import { type MeasuredRun, type MeasureRequest, measureOnce } from '../run/measure.ts';
import { runSummary } from '../run/run-summary.ts';
import { printable } from '../terminal/width.ts';
import { repeatedResults } from './repeated-results.ts';
import { showStorageLine } from './storage-line.ts';
import type { StorageRequest } from './storage-request.ts';

export interface StorageMeasuring {
  readonly request: StorageRequest;
  readonly launcher: Launcher;
  readonly name: string | undefined;
  readonly tags: Tags;
  readonly runs: number;
  readonly data: string | undefined;
  readonly json: boolean;
}

const INTERVAL_MS = 100;
const CPU_SHARE = 0.01;
const SIGNALLED = 128;

/** Resolves to the exit code. Throws PODO_TOOL_… or PODO_VOLUME_… where a run failed, with what came before it kept. */
export function measureStorage(context: CommandContext, measuring: StorageMeasuring): Promise<number> {
  const { request, runs, data, json } = measuring;
  return withHistory(context, data, 'write', async (history) => {
    if (!history.store.isWritable) throw storeReadOnly(history.store.folder);
    const views: RunView[] = [];
    for (let i = 0; i < runs; i++) {
      const title = runs === 1 ? request.title : `${request.title}, run ${i + 1} of ${runs}`;
      const { measured, failure } = await measureTool(context, measuring, history, title);
      const [signal] = measured.signals;
      if (signal !== undefined) return interrupted(context, history, measured, signal);
      if (failure !== undefined) throw failure;
      const view = measured.isKept ? tell(context, history, measured.run, json) : undefined;
      if (view !== undefined) views.push(view);
    }
    if (!json && views.length > 1) context.stdout.write(`\n${repeatedResults(views, context.stdout)}`);
    return 0;
  });
}

interface MeasuredTool {
  readonly measured: MeasuredRun;
  readonly failure: PodometerError | undefined;
}

async function measureTool(
  context: CommandContext,
  { request, launcher, name, tags, data, json }: StorageMeasuring,
  history: History,
  title: string,
): Promise<MeasuredTool> {
  const { tool, plan, path, kind, owner } = request;
  let failure = (): PodometerError | undefined => undefined;
  const prepare = (): MeasureRequest => {
    const toolRun = new ToolRun(tool, path, kind, owner);
    failure = () => toolRun.failure;
    return {
      target: endingWithUs(plan.command(toolRun.place), context.env),
      // As it is, but for the folder, which is another each time.
      shownCommand: plan.command({ ...toolRun.place, path }),
      launcher,
      name: name ?? request.workload,
      runs: 1,
      intervalMs: INTERVAL_MS,
      cpuShare: CPU_SHARE,
      choice: { metrics: ['performance', 'time', 'pressure', 'storage'], without: new Set() },
      tags: { ...request.tags, direct: toolRun.place.hasDirectIo ? 'yes' : 'no', ...tags },
      recordArgs: false,
      data,
      json,
      results: () => toolRun,
      started: (pid) => toolRun.setPid(pid),
      live: (run) => showStorageLine(context.stderr, run, { title, runtimeSeconds: plan.runtimeSeconds }),
    };
  };
  const measured = await measureOnce(context, prepare, history);
  return { measured, failure: failure() };
}

function tell(context: CommandContext, history: History, id: string, json: boolean): RunView | undefined {
  const record = history.store.run(id);
  if (record === undefined) return undefined;
  const run = viewOf(history, record);
  const { stdout } = context;
  if (json) stdout.write(`${JSON.stringify({ run })}\n`);
  else stdout.write(runSummary({ run, deviations: [], processes: processesOf(history, record) }, stdout));
  return run;
}

function interrupted(
  { stderr }: CommandContext,
  history: History,
  { run, isKept }: MeasuredRun,
  signal: NodeJS.Signals,
): number {
  const record = isKept ? history.store.run(run) : undefined;
  const shown =
    record === undefined ? '' : `; ${printable(viewOf(history, record).ref)} shows what was measured`;
  stderr.write(`podometer: ended by ${signal}; the tool’s files are removed${shown}\n`);
  return SIGNALLED + constants.signals[signal];
}
