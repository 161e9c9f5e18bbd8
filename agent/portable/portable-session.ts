/**
 * A local run where there is no /proc: CPU time and memory of the tree at every tick, by tree-sampler.ts. The system
 * does not tell user and kernel time apart here, so all CPU time stands as user time.
 */
import { columnByName } from '../../protocol/metrics.ts';
import type { RunOutcome } from '../../protocol/run.ts';
import { BatchSender } from '../batch-sender.ts';
import type { LocalRunOptions } from '../local-run.ts';
import { OwnCost } from '../own-cost.ts';
import { Recorder } from '../recorder.ts';
import { OutputSeries } from '../results/output-series.ts';
import type { Rows } from '../rows.ts';
import type { Session } from '../session.ts';
import { RunTotals } from '../totals.ts';
import { createTreeSampler, type TreeProcess, type TreeSampler, type TreeSources } from './tree-sampler.ts';

const COLUMNS = ['rssBytes', 'cpuTimeMs'].map((name) => columnByName(name)?.id ?? Number.NaN);
const MS_PER_TICK = 10;

interface Member {
  readonly index: number;
  readonly rows: Rows;
  /** CPU time before the run began. */
  readonly baseMs: number;
  cpuMs: number;
  lastSeenMs: number;
}

export class PortableSession implements Session {
  readonly totals = new RunTotals(0);
  readonly outputs: OutputSeries;
  readonly #options: LocalRunOptions;
  readonly #rootPid: number;
  readonly #attached: boolean;
  readonly #epochMonotonicMs: number;
  readonly #epochMs: number;
  readonly #recorder: Recorder;
  readonly #sender: BatchSender;
  readonly #cost = new OwnCost();
  readonly #tree: TreeSampler;
  readonly #members = new Map<string, Member>();
  readonly #ended: Member[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sampling: Promise<void> = Promise.resolve();
  #rootEndMs: number | undefined;
  #onRootEnd: () => void = () => {};

  constructor(
    options: LocalRunOptions,
    sources: TreeSources,
    rootPid: number,
    epochMonotonicMs: number,
    attached: boolean,
  ) {
    const { clock, run, agent, intervalMs, sink } = options;
    this.#options = options;
    this.#rootPid = rootPid;
    this.#attached = attached;
    this.#epochMonotonicMs = epochMonotonicMs;
    this.#epochMs = Math.round(clock.wallMs() - (clock.monotonicMs() - epochMonotonicMs));
    this.#recorder = new Recorder({ agent, run, epochMs: this.#epochMs });
    this.outputs = new OutputSeries(this.#recorder, () => this.nowMs, intervalMs);
    this.#sender = new BatchSender({
      recorder: this.#recorder,
      totals: this.totals,
      sink,
      prepare: () => this.#cost.note(this.totals),
    });
    this.#tree = createTreeSampler(rootPid, sources);
    this.totals.set('intervalSeconds', intervalMs);
  }

  get nowMs(): number {
    return this.#options.clock.monotonicMs() - this.#epochMonotonicMs;
  }

  get living(): number {
    return this.#members.size;
  }

  start(_watchMs: number, onRootEnd: () => void = () => {}): void {
    this.#onRootEnd = onRootEnd;
    this.#recorder.declare({ ...this.#options.declaration, startedAtMs: this.#epochMs });
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), this.#options.intervalMs);
  }

  endRoot(): void {
    this.#rootEndMs ??= this.nowMs;
  }

  sampleLast(): void {
    this.#tick();
  }

  async finish(outcome: Omit<RunOutcome, 'endedAtMs'>): Promise<RunOutcome> {
    clearInterval(this.#timer);
    await this.#sampling;
    this.outputs.finish();
    const endMs = this.#rootEndMs ?? this.nowMs;
    const ended: RunOutcome = { ...outcome, endedAtMs: Math.round(this.#epochMs + endMs) };
    const later = await this.#options.laterDeclaration;
    this.#recorder.declare({ ...this.#options.declaration, ...later, startedAtMs: this.#epochMs });
    this.totals.set('wallSeconds', Math.round(endMs));
    this.totals.finish(endMs);
    this.#recorder.outcome(ended);
    await this.#sender.finish();
    return ended;
  }

  /** One sample after the other; one that takes longer than the interval makes the next ones wait for it. */
  #tick(): void {
    this.#sampling = this.#sampling.then(async () => {
      try {
        const { atMs, processes } = await this.#tree.sample();
        this.#keep(atMs - this.#epochMonotonicMs, processes);
      } catch (error) {
        const message = `a sample failed: ${error instanceof Error ? error.message : error}`.slice(0, 1024);
        this.#recorder.event({ atMs: Math.round(this.nowMs), kind: 'gap', value: 1, message });
        this.totals.add('gaps', 1);
      }
      this.#sender.sendWhereDue(this.nowMs);
    });
  }

  #keep(atMs: number, processes: readonly TreeProcess[]): void {
    const tick = this.#recorder.tick(atMs);
    const gone = new Map(this.#members);
    for (const process of processes) {
      const key = `${process.pid} ${process.startMs}`;
      const member = gone.get(key) ?? this.#add(key, process, processes);
      gone.delete(key);
      member.cpuMs = process.cpuTimeMs;
      member.lastSeenMs = atMs;
      member.rows.next.set([process.rssBytes, Math.round(process.cpuTimeMs)]);
      member.rows.append(tick);
      this.totals.resident(process.rssBytes);
      this.totals.peak('peakProcessRssBytes', process.rssBytes);
    }
    for (const [key, member] of gone) this.#end(key, member, atMs);
    this.totals.add('samples', 1);
    this.totals.set('wallSeconds', Math.round(atMs));
    this.totals.set('cpuUserSeconds', Math.round(this.#cpuMs() / MS_PER_TICK));
    this.totals.endTick(atMs);
    if (this.#attached && !processes.some(({ pid }) => pid === this.#rootPid)) this.#endOfAttached(atMs);
  }

  #add(key: string, process: TreeProcess, processes: readonly TreeProcess[]): Member {
    const startMs = process.startMs - this.#epochMs;
    const bornInRun = !this.#attached || startMs >= 0;
    const index = this.#members.size + this.#ended.length;
    const parent = processes.find(({ pid }) => pid === process.ppid);
    const parentKey = parent && `${parent.pid} ${parent.startMs}`;
    this.#recorder.process({
      index,
      pid: process.pid,
      parent: parentKey === undefined ? undefined : this.#members.get(parentKey)?.index,
      role: 'target',
      startMs: Math.round(bornInRun ? Math.max(0, startMs) : startMs),
      comm: process.comm,
      args: undefined,
      container: undefined,
    });
    const member: Member = {
      index,
      rows: this.#recorder.openRows('process', index, COLUMNS),
      baseMs: bornInRun ? 0 : process.cpuTimeMs,
      cpuMs: process.cpuTimeMs,
      lastSeenMs: this.nowMs,
    };
    this.#members.set(key, member);
    this.totals.add('processes', 1);
    return member;
  }

  #end(key: string, member: Member, atMs: number): void {
    this.#members.delete(key);
    this.#ended.push(member);
    this.#recorder.closeRows(member.rows);
    const boundMs = Math.ceil(atMs - member.lastSeenMs);
    this.#recorder.end({ index: member.index, endMs: Math.round(atMs), boundMs, exitCode: undefined });
  }

  #endOfAttached(atMs: number): void {
    if (this.#rootEndMs !== undefined) return;
    this.#rootEndMs = atMs;
    this.#onRootEnd();
  }

  #cpuMs(): number {
    return [...this.#members.values(), ...this.#ended].reduce(
      (sum, { cpuMs, baseMs }) => sum + cpuMs - baseMs,
      0,
    );
  }
}
