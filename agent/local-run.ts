/**
 * Measures a command that it starts, or a process that is running already, until it ends. The measured program is
 * never kept from running by us: whatever fails in measuring, the command goes on and its exit is answered.
 */
import type { Clock } from '../lib/clock.ts';
import { systemCode } from '../lib/errors.ts';
import { PodometerError } from '../protocol/errors.ts';
import type { MetricChoice } from '../protocol/metric-choice.ts';
import { RUN_ENVIRONMENT_VARIABLE } from '../protocol/names.ts';
import type { RunDeclaration, RunOutcome } from '../protocol/run.ts';
import type { BatchSink } from './batch-sink.ts';
import type { LaunchedCommand, Launcher } from './launcher.ts';
import { LocalSession } from './local-session.ts';
import { PortableSession } from './portable/portable-session.ts';
import type { TreeSources } from './portable/tree-sampler.ts';
import { StatFile } from './procfs/stat.ts';
import type { ResultSource } from './results/result-source.ts';
import type { Session } from './session.ts';

export interface LocalRunOptions {
  readonly run: string;
  readonly agent: string;
  readonly clock: Clock;
  readonly procRoot: string;
  readonly cgroupRoot: string;
  readonly intervalMs: number;
  readonly cpuShare: number;
  readonly choice: MetricChoice;
  readonly recordArgs: boolean;
  readonly sink: BatchSink;
  /** What is said of the run, apart from when it began. */
  readonly declaration: Omit<RunDeclaration, 'startedAtMs'>;
  /** Given where there is no /proc: what to measure with instead. */
  readonly portable?: TreeSources | undefined;
  /** Of a command that is started: where results come from, if from anywhere. */
  readonly results?: ResultSource | undefined;
  /** More of it, known only later (host facts); waited for at the end. */
  readonly laterDeclaration: Promise<Partial<RunDeclaration>>;
}

export interface LocalRun {
  readonly pid: number;
  readonly session: Session;
  /** Somebody signalled us: passes it on to a command; ends the measuring of an attached process. */
  signal(signal: NodeJS.Signals): void;
  /** The terminal's interrupt, which a command has received as well; ends the measuring of an attached process. */
  interrupt(): void;
  /** Resolves when the process has ended and everything was handed to the sink. */
  readonly ended: Promise<RunOutcome>;
}

/** How often an attached process is looked at; a command that we started tells its end by SIGCHLD. */
const ATTACHED_WATCH_MS = 10;
/** How often all other processes are looked at, so that each end is known within 50 ms. */
const WATCH_MS = 40;

/** Starts `command` and measures it. Throws PODO_COMMAND_NOT_FOUND or PODO_COMMAND_NOT_EXECUTABLE. */
export async function measureCommand(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  launcher: Launcher,
  options: LocalRunOptions,
): Promise<LocalRun> {
  const outer = env[RUN_ENVIRONMENT_VARIABLE];
  const mark = outer === undefined ? options.run : `${outer}:${options.run}`;
  const { results } = options;
  const launched = await launcher.launch(command, { ...env, [RUN_ENVIRONMENT_VARIABLE]: mark }, results);
  const session = openSession(options, launched.pid, launched.startedMonotonicMs, false);
  session.start(WATCH_MS);
  results?.begin(session.outputs);
  return {
    pid: launched.pid,
    session,
    signal: (signal) => signalProcess(launched.pid, signal),
    interrupt: () => {},
    ended: endOfCommand(launched, session, options),
  };
}

/** Measures a running process and its descendants until it ends or `detach` is called. Throws PODO_NO_SUCH_PROCESS. */
export function measureProcess(pid: number, options: LocalRunOptions): LocalRun {
  refuseMissing(pid);
  const session = openSession(options, pid, options.clock.monotonicMs(), true);
  const { promise: stopped, resolve } = Promise.withResolvers<'unknown' | 'detached'>();
  session.start(ATTACHED_WATCH_MS, () => resolve('unknown'));
  const ended = stopped.then((reason) => {
    session.sampleLast();
    return session.finish({ reason });
  });
  const detach = (): void => resolve('detached');
  return { pid, session, signal: detach, interrupt: detach, ended };
}

function openSession(
  options: LocalRunOptions,
  rootPid: number,
  epochMonotonicMs: number,
  attached: boolean,
): Session {
  const { portable } = options;
  if (portable === undefined) return new LocalSession(options, rootPid, epochMonotonicMs, attached);
  return new PortableSession(options, portable, rootPid, epochMonotonicMs, attached);
}

function refuseMissing(pid: number): void {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') return;
    throw new PodometerError(
      'PODO_NO_SUCH_PROCESS',
      `--pid ${pid}: there is no such process`,
      'Give the pid of a running process; `ps -e` lists them.',
      { cause: error },
    );
  }
}

/** Reads the command's last counters while it is a zombie, where there is /proc, then lets it be waited for. */
async function endOfCommand(
  launched: LaunchedCommand,
  session: Session,
  { procRoot, portable, results }: LocalRunOptions,
): Promise<RunOutcome> {
  if (portable === undefined) {
    await zombie(launched.pid, procRoot);
    session.endRoot();
  }
  launched.release();
  const exit = await launched.exited;
  const { code, signal } = exit;
  if (portable !== undefined) session.endRoot();
  if (results !== undefined) session.outputs.results(await results.end(exit));
  if (code !== undefined) return session.finish({ reason: 'exited', exitCode: code });
  return session.finish({ reason: 'signalled', signal: signal ?? 'SIGKILL' });
}

/** Resolves when the child has ended. SIGCHLD tells of any child, and of one that was stopped. */
function zombie(pid: number, procRoot: string): Promise<void> {
  const stat = StatFile.open(procRoot, pid);
  return new Promise((resolve) => {
    const look = (): void => {
      if (stat?.read() === 'read' && !stat.hasEnded) return;
      process.off('SIGCHLD', look);
      stat?.close();
      resolve();
    };
    process.on('SIGCHLD', look);
    look();
  });
}

/** A process that has just ended needs no signal. */
function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}
