/** Measures one command or process, once or several times, and tells what came of it. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import type { Launcher } from '../../agent/launcher.ts';
import {
  type LocalRun,
  type LocalRunOptions,
  measureCommand,
  measureProcess,
} from '../../agent/local-run.ts';
import type { ResultSource } from '../../agent/results/result-source.ts';
import { readDeviations } from '../../aggregator/query/deviation.ts';
import { earlierMeasures, historyOf } from '../../aggregator/query/history.ts';
import { judgedView } from '../../aggregator/query/judge-run.ts';
import { cpuSecondsOf } from '../../aggregator/query/run-view.ts';
import { storeReadOnly } from '../../aggregator/store/failures.ts';
import { deflater } from '../../lib/deflater.ts';
import { describeError } from '../../lib/errors.ts';
import { checkedBefore, decodeBatch } from '../../protocol/codec/batch-decode.ts';
import type { MetricChoice } from '../../protocol/metric-choice.ts';
import type { RunOutcome, Tags } from '../../protocol/run.ts';
import type { CommandContext } from '../command.ts';
import { type History, processesOf, withHistory } from '../history.ts';
import { GroupWitness } from './group-witness.ts';
import { HistorySink } from './history-sink.ts';
import type { LiveLine, LiveRun } from './live-line.ts';
import { localRunOptions } from './local-run-options.ts';
import { runSummary } from './run-summary.ts';
import { relaySignals } from './signal-relay.ts';

export interface MeasureRequest {
  /** A command line, or the pid of a running process. */
  readonly target: readonly string[] | number;
  /** Starts the command. */
  readonly launcher: Launcher;
  /** The workload's name; undefined: that of the process. */
  readonly name: string | undefined;
  readonly runs: number;
  readonly intervalMs: number;
  readonly cpuShare: number;
  readonly choice: MetricChoice;
  readonly tags: Tags;
  readonly recordArgs: boolean;
  readonly data: string | undefined;
  readonly json: boolean;
  /** Called for each run, once no signal can end us any more. Throws where it cannot be measured. */
  readonly results?: (() => ResultSource) | undefined;
  /** The command as the run shows it, where that is not the one that is started. */
  readonly shownCommand?: readonly string[];
  /** What tells how the run goes. */
  readonly live?: (run: LiveRun) => LiveLine;
  /** Told of the command that was started. */
  readonly started?: (pid: number) => void;
}

const SIGNALLED = 128;
/** A shorter history is read as fast as it lies. */
const WORTH_SEALING_BYTES = 16 * 1024;

/** Resolves to the exit code: the command's (the last failing one's of several), 0 for a process that was attached to. */
export async function measure(context: CommandContext, request: MeasureRequest): Promise<number> {
  return withHistory(context, request.data, 'write', async (history) => {
    if (!history.store.isWritable) throw storeReadOnly(history.store.folder);
    let exitCode = 0;
    for (let i = 0; i < request.runs; i++) {
      const { run, outcome, signals, isKept } = await measureOnce(context, () => request, history);
      if (isKept) tell(context, request, history, run);
      exitCode = exitCodeOf(outcome) || exitCode;
      if (signals.length > 0) break;
    }
    return exitCode;
  });
}

export interface MeasuredRun {
  readonly run: string;
  readonly outcome: RunOutcome;
  /** Those that came while it was measured. */
  readonly signals: readonly NodeJS.Signals[];
  /** Whether the history took it. Where it did not, the person has been told where it is. */
  readonly isKept: boolean;
}

/** `prepare`: called once no signal can end us any more, for what must be taken away again. */
export async function measureOnce(
  context: CommandContext,
  prepare: () => MeasureRequest,
  history: History,
): Promise<MeasuredRun> {
  const { store } = history;
  const run = randomUUID();
  const sink = new HistorySink({
    run,
    folder: context.cwd,
    keep: (bytes) => store.append(bytes, decodeBatch(bytes, checkedBefore, deflater)),
  });
  // A signal may come while the command is being started; it is passed on as soon as there is one.
  const { promise: started, resolve } = Promise.withResolvers<LocalRun>();
  const pass = (signal: NodeJS.Signals): void => void started.then((measured) => measured.signal(signal));
  let command: LocalRun | undefined;
  const witness = new GroupWitness();
  const relay = relaySignals(pass, (signal) => {
    // Whoever signalled the whole group has told the command as well, if there was one by then.
    const told = command;
    void witness.sawIt().then((sawIt) => (sawIt && told !== undefined ? told.interrupt() : pass(signal)));
  });
  let results: ResultSource | undefined;
  try {
    const request = prepare();
    results = request.results?.();
    // Before the command, which can be interrupted as soon as it is there.
    if (typeof request.target !== 'number') witness.start();
    const options = await localRunOptions(context, request, { run, sink, results, folder: store.folder });
    const measured = await start(context, request, options);
    command = measured;
    request.started?.(measured.pid);
    resolve(measured);
    const live = request.live?.(measured.session);
    const outcome = await measured.ended;
    live?.stop();
    await sink.close();
    tellSetAside(context, sink);
    const isKept = sink.failure === undefined;
    if (isKept && sink.keptBytes > WORTH_SEALING_BYTES) await store.seal(run);
    return { run, outcome, signals: relay.seen, isKept };
  } finally {
    await results?.release();
    relay.stop();
    witness.stop();
  }
}

function start(
  { env }: CommandContext,
  { target, launcher }: MeasureRequest,
  options: LocalRunOptions,
): LocalRun | Promise<LocalRun> {
  return typeof target === 'number'
    ? measureProcess(target, options)
    : measureCommand(target, env, launcher, options);
}

function tell({ stderr }: CommandContext, { json }: MeasureRequest, history: History, id: string): void {
  const record = history.store.run(id);
  if (record === undefined) return;
  const run = judgedView({ index: history.store, stateOf: history.stateOf }, record);
  const usual = readDeviations(history.store, history.stateOf, record);
  if (json) {
    stderr.write(`${JSON.stringify({ run, deviations: usual })}\n`);
    return;
  }
  const cpuHistory = historyOf(earlierMeasures(history.store, record, history.stateOf), cpuSecondsOf);
  const processes = processesOf(history, record);
  stderr.write(runSummary({ run, deviations: usual, cpuHistory, processes }, stderr));
}

function tellSetAside({ stderr }: CommandContext, { failure, file, lost }: HistorySink): void {
  if (failure === undefined) return;
  stderr.write(`${describeError(failure)}\n`);
  if (file !== undefined)
    stderr.write(`  What was measured is kept; take it in with: podometer import ${file}\n`);
  if (lost > 0) stderr.write(`  ${lost} parts of the measurement could be kept nowhere and are lost.\n`);
}

function exitCodeOf({ exitCode, signal }: RunOutcome): number {
  if (signal !== undefined) return SIGNALLED + (constants.signals[signal as NodeJS.Signals] ?? 0);
  return exitCode ?? 0;
}
