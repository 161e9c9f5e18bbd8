/** What a local run is made of, from its targets to its batches. */
import type { RunOutcome } from '../protocol/run.ts';
import { containerOf } from './containers.ts';
import { CpuBudget } from './cpu-budget.ts';
import type { LocalRunOptions } from './local-run.ts';
import { LocalTargets } from './local-targets.ts';
import { Measurement } from './measurement.ts';
import { metricsNamed } from './metrics/index.ts';
import type { TrackedProcess } from './process-table.ts';
import { Recorder } from './recorder.ts';
import { OutputSeries } from './results/output-series.ts';
import { Sampler } from './sampler.ts';
import { Schedule } from './schedule.ts';
import type { Session } from './session.ts';
import { startTimes } from './start-times.ts';
import { RunTotals } from './totals.ts';

/** SIGCHLD comes at once; this is what a busy event loop may add, for the look between ticks as for the signal itself. */
const SIGCHLD_BOUND_MS = 10;

export class LocalSession implements Session {
  readonly #options: LocalRunOptions;
  readonly #rootPid: number;
  readonly #epochMonotonicMs: number;
  readonly #epochMs: number;
  readonly outputs: OutputSeries;
  readonly #totals: RunTotals;
  readonly #recorder: Recorder;
  readonly #schedule: Schedule;
  readonly #sampler: Sampler;
  #measurement: Measurement | undefined;
  #rootEndMs: number | undefined;
  #onRootEnd: () => void = () => {};

  /** `epochMonotonicMs`: when the command was started, or the process attached to. */
  constructor(options: LocalRunOptions, rootPid: number, epochMonotonicMs: number, attached: boolean) {
    const { clock, procRoot, run, agent, recordArgs, intervalMs } = options;
    this.#options = options;
    this.#rootPid = rootPid;
    this.#epochMonotonicMs = epochMonotonicMs;
    this.#epochMs = Math.round(clock.wallMs() - (clock.monotonicMs() - epochMonotonicMs));
    this.#totals = new RunTotals(0);
    this.#recorder = new Recorder({ agent, run, epochMs: this.#epochMs });
    this.outputs = new OutputSeries(this.#recorder, () => this.nowMs, intervalMs);
    this.#schedule = new Schedule(clock, intervalMs);
    const startMs = startTimes(procRoot, clock, epochMonotonicMs);
    const recorder = this.#recorder;
    this.#sampler = new Sampler({
      metrics: metricsNamed(options.choice.metrics),
      context: { procRoot, without: options.choice.without, event: (event) => recorder.event(event) },
      targets: new LocalTargets({
        procRoot,
        run,
        rootPid,
        ownPid: process.pid,
        startMs,
        attached,
        recordArgs,
      }),
      recorder,
      totals: this.#totals,
      schedule: this.#schedule,
      ...(!attached && { latestEndMs: (pid) => (pid === rootPid ? SIGCHLD_BOUND_MS : undefined) }),
      onEnd: (ended) => this.#noteEnd(ended),
    });
  }

  /** `watchMs`: how often ends are looked for; `onRootEnd`: called once when the root process is seen to have ended. */
  start(watchMs: number, onRootEnd: () => void = () => {}): void {
    this.#onRootEnd = onRootEnd;
    const { clock, intervalMs, cpuShare, sink } = this.#options;
    const container = containerOf(this.#rootPid, 0, this.#options.procRoot, this.#options.cgroupRoot);
    if (container !== undefined) this.#sampler.addContainer(container);
    this.#sampler.addHost();
    this.#measurement = new Measurement({
      clock,
      epochMonotonicMs: this.#epochMonotonicMs,
      sampler: this.#sampler,
      recorder: this.#recorder,
      totals: this.#totals,
      schedule: this.#schedule,
      budget: new CpuBudget(intervalMs, cpuShare),
      sink,
      watchIntervalMs: watchMs,
    });
    this.#measurement.start({ ...this.#options.declaration, startedAtMs: this.#epochMs });
  }

  /** ms since the start. */
  get nowMs(): number {
    return this.#options.clock.monotonicMs() - this.#epochMonotonicMs;
  }

  get totals(): RunTotals {
    return this.#totals;
  }

  /** Measured processes that have not ended. */
  get living(): number {
    return this.#sampler.living;
  }

  sampleLast(): void {
    this.#measurement?.sampleLast();
  }

  /** The command has just ended and is a zombie: takes its last sample. */
  endRoot(): void {
    this.#sampler.noteEndOf(this.#rootPid, this.nowMs);
    this.sampleLast();
  }

  /** Sends everything that is left; resolves when the sink has it. */
  async finish(outcome: Omit<RunOutcome, 'endedAtMs'>): Promise<RunOutcome> {
    const endMs = this.#rootEndMs ?? this.nowMs;
    this.#noteSurvivors(endMs);
    this.outputs.finish();
    const ended: RunOutcome = { ...outcome, endedAtMs: Math.round(this.#epochMs + endMs) };
    this.#measurement?.declare({
      ...this.#options.declaration,
      ...(await this.#options.laterDeclaration),
      startedAtMs: this.#epochMs,
    });
    await this.#measurement?.finish(ended, endMs);
    return ended;
  }

  #noteEnd({ pid, endMs }: TrackedProcess): void {
    if (pid !== this.#rootPid || this.#rootEndMs !== undefined) return;
    this.#rootEndMs = endMs;
    this.#onRootEnd();
  }

  #noteSurvivors(atMs: number): void {
    const { living } = this.#sampler;
    if (living === 0) return;
    const message = `${living} ${living === 1 ? 'process' : 'processes'} outlived the command and ${living === 1 ? 'is' : 'are'} measured no further`;
    this.#recorder.event({ atMs: Math.round(atMs), kind: 'warning', value: living, message });
  }
}
