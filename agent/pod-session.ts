/** What the measuring of a pod is made of, from its targets to its batches. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import type { RunDeclaration } from '../protocol/run.ts';
import type { BatchSink } from './batch-sink.ts';
import type { AgentConfig } from './config.ts';
import { ContainerEnds } from './container-ends.ts';
import type { ContainerTarget } from './containers.ts';
import { CpuBudget } from './cpu-budget.ts';
import { Measurement } from './measurement.ts';
import { metricsNamed } from './metrics/index.ts';
import { PAUSE_PID, PodContainers } from './pod-containers.ts';
import { podHostFacts } from './pod-host.ts';
import { PodTargets } from './pod-targets.ts';
import type { TrackedProcess } from './process-table.ts';
import { listPids } from './procfs/list.ts';
import { Recorder } from './recorder.ts';
import { OutputSeries } from './results/output-series.ts';
import { OutputSocket } from './results/output-socket.ts';
import { Sampler } from './sampler.ts';
import { Schedule } from './schedule.ts';
import { describeSight, ownIdentity, sightOf } from './sight.ts';
import { startTimes } from './start-times.ts';
import { RunTotals } from './totals.ts';

export interface PodSessionOptions {
  readonly config: AgentConfig;
  readonly clock: Clock;
  readonly procRoot: string;
  /** 32 hex digits. */
  readonly agent: string;
  readonly version: string;
  readonly sink: BatchSink;
  readonly log: (message: string) => void;
}

/** What a container was seen to do, for the summary. Times are ms since the agent's epoch. */
export interface ContainerSpan {
  readonly name: string;
  startMs: number;
  /** The end of its last process so far. */
  lastEndMs: number;
  living: number;
}

/** Every other end is known within this; that of a container's first process within 10 ms (container-ends.ts). */
const WATCH_MS = 40;
const SEND_EVERY_MS = 10_000;
/** In the spool's folder, which outlives the agent's container: an agent has been here before. */
const STARTED_FILE = 'started';
const STARTED_AGAIN =
  'the agent was started again: what the processes used since the last batch before it is not measured';

export class PodSession {
  readonly totals = new RunTotals(0);
  readonly #options: PodSessionOptions;
  readonly #epochMonotonicMs: number;
  readonly #epochMs: number;
  readonly #recorder: Recorder;
  readonly #outputSocket: OutputSocket | undefined;
  readonly #sampler: Sampler;
  readonly #measurement: Measurement;
  readonly #ends: ContainerEnds;
  readonly #spans = new Map<number, ContainerSpan>();
  readonly #ownIdentity;
  readonly #isFirst: boolean;

  constructor(options: PodSessionOptions) {
    const { config, clock, procRoot, agent } = options;
    this.#options = options;
    this.#epochMonotonicMs = clock.monotonicMs();
    this.#epochMs = Math.round(clock.wallMs());
    this.#ownIdentity = ownIdentity(procRoot);
    this.#isFirst = isFirstAgent(config.spoolFolder);
    this.#recorder = new Recorder({ agent, run: runOf(config), epochMs: this.#epochMs });
    this.#outputSocket =
      config.measures &&
      new OutputSocket({
        folder: config.measuresFolder,
        names: config.measures,
        series: new OutputSeries(this.#recorder, () => this.#nowMs, config.intervalMs),
        monotonicMs: clock.monotonicMs,
        log: options.log,
      });
    this.#ends = new ContainerEnds({
      clock,
      onEmpty: () => this.#readEnded(),
      onFirstEnd: (pid, boundMs) => {
        this.#sampler.noteEndOf(pid, this.#nowMs, boundMs);
        this.#readEnded();
      },
    });
    const schedule = new Schedule(clock, config.intervalMs);
    this.#sampler = this.#newSampler(schedule);
    this.#measurement = new Measurement({
      clock,
      epochMonotonicMs: this.#epochMonotonicMs,
      sampler: this.#sampler,
      recorder: this.#recorder,
      totals: this.totals,
      schedule,
      budget: new CpuBudget(config.intervalMs, config.cpuPercent / 100),
      sink: options.sink,
      watchIntervalMs: WATCH_MS,
      beforeWatch: () => this.#ends.ask(),
      sendEveryMs: SEND_EVERY_MS,
      wallMs: () => this.wallMs,
    });
  }

  start(): void {
    this.#sampler.addHost();
    this.#measurement.start(this.#declaration());
    if (!this.#isFirst) this.#warn(STARTED_AGAIN);
  }

  get containers(): readonly ContainerSpan[] {
    return [...this.#spans.values()];
  }

  /** Whether every container that was asked for (of those not named: at least one) has run and none runs now. */
  get allEnded(): boolean {
    const { containers: asked } = this.#options.config;
    const spans = this.containers;
    const haveRun = asked?.every((name) => spans.some((span) => span.name === name)) ?? spans.length > 0;
    return haveRun && this.#sampler.living === 0;
  }

  /** Whether nothing runs in the pod but the pause process and the agent. */
  get isAlone(): boolean {
    return listPids(this.#options.procRoot).every((pid) => pid === PAUSE_PID || pid === process.pid);
  }

  /** The agent ends, and containers that it was to measure were not seen. */
  noteUnseen(): void {
    const seen = this.containers.map(({ name }) => name);
    const unseen = this.#options.config.containers?.filter((name) => !seen.includes(name)) ?? [];
    const what = unseen.length > 0 ? `container ${unseen.join(', ')} was` : 'no container was';
    this.#warn(
      `${what} ${unseen.length > 0 ? 'not ' : ''}seen, and nothing else runs in the pod: what ended before the agent began is not measured`,
    );
  }

  /** From the start of the first process to the end of the last, or to now. */
  get wallMs(): number {
    const spans = this.containers;
    if (spans.length === 0) return 0;
    const startMs = Math.min(...spans.map((span) => span.startMs));
    const endMs = Math.max(...spans.map((span) => (span.living > 0 ? this.#nowMs : span.lastEndMs)));
    return Math.max(0, endMs - startMs);
  }

  /** Takes the last sample and hands everything to the sink. */
  async finish(): Promise<void> {
    this.#measurement.sampleLast();
    this.#ends.close();
    this.#outputSocket?.close();
    const endedAtMs = Math.round(this.#epochMs + this.#nowMs);
    await this.#measurement.finish({ reason: 'unknown', endedAtMs }, this.wallMs);
  }

  /** The kubelet takes the cgroup of a container that has ended away: its last counters are read at once. */
  #readEnded(): void {
    this.#measurement.watchEnds();
    this.#measurement.sampleLast();
  }

  get #nowMs(): number {
    return this.#options.clock.monotonicMs() - this.#epochMonotonicMs;
  }

  #newSampler(schedule: Schedule): Sampler {
    const { config, clock, procRoot } = this.#options;
    const containers = new PodContainers({
      procRoot,
      asked: config.containers,
      onContainer: (container, pid, note) => this.#addContainer(container, pid, note),
      warn: (message) => this.#warn(message),
    });
    return new Sampler({
      metrics: metricsNamed(config.choice.metrics),
      context: { procRoot, without: config.choice.without, event: (event) => this.#recorder.event(event) },
      targets: new PodTargets({
        procRoot,
        ownPid: process.pid,
        containers,
        startMs: startTimes(procRoot, clock, this.#epochMonotonicMs),
        nowMs: () => this.#nowMs,
        recordArgs: config.recordArgs,
        countsEarlier: this.#isFirst,
      }),
      recorder: this.#recorder,
      totals: this.totals,
      schedule,
      onStart: (started) => this.#noteStart(started),
      onEnd: (ended) => this.#noteEnd(ended),
    });
  }

  #addContainer(container: ContainerTarget, pid: number, note: string | undefined): void {
    const { procRoot, log } = this.#options;
    this.#sampler.addContainer(container, this.#isFirst);
    this.#ends.add(pid, procRoot);
    const sight = sightOf(procRoot, pid, this.#ownIdentity);
    if (sight !== undefined) log(describeSight(container.name, sight));
    if (sight?.mend !== undefined) this.#warn(describeSight(container.name, sight));
    if (note !== undefined) this.#warn(note);
    const startMs = Number.POSITIVE_INFINITY;
    this.#spans.set(container.index, { name: container.name, startMs, lastEndMs: 0, living: 0 });
  }

  #warn(message: string): void {
    this.#options.log(message);
    this.#recorder.event({ atMs: Math.round(this.#nowMs), kind: 'warning', message: message.slice(0, 1024) });
  }

  #noteStart({ container, startMs }: TrackedProcess): void {
    const span = this.#spans.get(container ?? -1);
    if (span === undefined) return;
    span.startMs = Math.min(span.startMs, startMs);
    span.living++;
  }

  #noteEnd({ container, endMs = 0 }: TrackedProcess): void {
    const span = this.#spans.get(container ?? -1);
    if (span === undefined) return;
    span.lastEndMs = Math.max(span.lastEndMs, endMs);
    span.living--;
  }

  #declaration(): RunDeclaration {
    const { config, procRoot, version } = this.#options;
    return {
      workload: {
        kind: config.workloadKind,
        name: config.workloadName ?? config.podName,
        namespace: config.namespace,
      },
      startedAtMs: this.#epochMs,
      member: config.podName,
      podUid: config.podUid,
      intervalMs: config.intervalMs,
      metrics: [...config.choice.metrics],
      tags: {
        ...config.tags,
        ...(config.rank !== undefined && { rank: config.rank }),
        ...(config.metricSet !== undefined && { 'metric-set': config.metricSet }),
      },
      host: podHostFacts(procRoot, config.node),
      agentVersion: version,
    };
  }
}

function runOf({ run, podUid }: AgentConfig): string {
  return run ?? podUid;
}

/** True for the first agent of a pod. One after it counts only what is used from its own start on. */
function isFirstAgent(spoolFolder: string): boolean {
  const path = join(spoolFolder, STARTED_FILE);
  if (existsSync(path)) return false;
  try {
    writeFileSync(path, '');
  } catch {
    // A folder that cannot be written is told of by the spool.
  }
  return true;
}
