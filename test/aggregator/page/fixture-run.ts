/** A made-up run: curves over time, and the answers that the HTTP API gives for them. */
import type { Finding, Phase } from '../../../protocol/findings.ts';
import type { ProcessView, RunView, SeriesAnswer } from '../../../protocol/query.ts';
import type { RunEvent } from '../../../protocol/run.ts';
import type { WallSplit } from '../../../protocol/wall-split.ts';

type Curve = (seconds: number) => number;

export interface FixtureProcess {
  readonly comm: string;
  readonly args?: string;
  /** Index of the parent in the run's list. */
  readonly parent?: number;
  readonly role?: 'agent';
  readonly start: number;
  readonly end?: number;
  readonly exitCode?: number;
  readonly cores: Curve;
  readonly shortLivedCores?: Curve;
  readonly rssBytes: Curve;
  readonly readRate?: Curve;
  readonly writeRate?: Curve;
}

export interface FixtureSpec {
  readonly id: string;
  readonly name: string;
  readonly number: number;
  readonly startedAt: string;
  readonly seconds: number;
  readonly command: readonly string[];
  readonly processes: readonly FixtureProcess[];
  readonly outcome?: RunView['outcome'];
  readonly state?: RunView['state'];
  readonly tags?: Readonly<Record<string, string>>;
  /** Seconds in which no sample was taken. */
  readonly gap?: readonly [from: number, to: number];
  readonly pressure?: boolean;
  readonly host?: RunView['host'];
  /** The program's own figures, by name. */
  readonly outputs?: Readonly<Record<string, Curve>>;
}

const INTERVAL_S = 0.5;
const key = (index: number) => `0.${index}`;

export class FixtureRun {
  readonly spec: FixtureSpec;
  /** How much of it has been measured, seconds. Grows while it runs. */
  seconds: number;
  state: RunView['state'];

  constructor(spec: FixtureSpec) {
    this.spec = spec;
    this.seconds = spec.seconds;
    this.state = spec.state ?? 'finished';
  }

  view(): RunView {
    const { spec } = this;
    const targets = this.processes().filter((process) => process.role === 'target');
    const total = (value: (process: ProcessView) => number | undefined) =>
      targets.reduce((sum, process) => sum + (value(process) ?? 0), 0);
    const levels = this.#times().map((t) => this.#sum(t, (process) => process.rssBytes));
    const loads = this.#times().map((t) => this.#sum(t, (process) => process.cores));
    const shortLived = total((process) => process.shortLivedCpuSeconds);
    return {
      id: spec.id,
      ref: `${spec.name}@${spec.number}`,
      number: spec.number,
      workload: { kind: 'Local', name: spec.name },
      state: this.state,
      startedAt: spec.startedAt,
      ...(this.state === 'finished' && spec.outcome
        ? { endedAt: this.#endedAt(), outcome: spec.outcome }
        : {}),
      command: [...spec.command],
      tags: { ...spec.tags },
      pinned: false,
      intervalMs: INTERVAL_S * 1000,
      metrics: ['performance', 'time', ...(spec.pressure ? ['pressure'] : [])],
      members: [{ name: 'workbench', agent: 'a1' }],
      ...(spec.host ? { host: spec.host } : {}),
      ...(spec.outputs ? { results: this.#results(spec.outputs) } : {}),
      measures: {
        wallSeconds: this.seconds,
        cpuUserSeconds: total((process) => process.cpuUserSeconds) + shortLived,
        cpuSystemSeconds: total((process) => process.cpuSystemSeconds),
        shortLivedCpuSeconds: shortLived,
        peakCores: Math.max(...loads),
        peakRssBytes: Math.round(Math.max(...levels)),
        peakProcessRssBytes: Math.max(...targets.map((process) => process.peakRssBytes ?? 0)),
        readBytes: total((process) => process.readBytes),
        writeBytes: total((process) => process.writeBytes),
        voluntarySwitches: total((process) => process.voluntarySwitches),
        involuntarySwitches: total((process) => process.involuntarySwitches),
        processes: targets.length,
        samples: this.#times().length,
        gaps: this.#missed(),
        intervalSeconds: INTERVAL_S,
        agentCpuSeconds: this.seconds * 0.004,
        agentPeakRssBytes: 54 * 2 ** 20,
      },
      agentVersion: '0.1.0',
    };
  }

  processes(): ProcessView[] {
    return this.spec.processes.flatMap((process, index) => {
      if (process.start > this.seconds) return [];
      const end = process.end !== undefined && process.end <= this.seconds ? process.end : undefined;
      const times = this.#times().filter((t) => t >= process.start && t <= (process.end ?? this.seconds));
      const integral = (curve?: Curve) => times.reduce((sum, t) => sum + (curve?.(t) ?? 0), 0) * INTERVAL_S;
      return [
        {
          key: key(index),
          pid: 4120 + index * 7,
          ...(process.parent === undefined ? {} : { parent: key(process.parent) }),
          role: process.role ?? 'target',
          comm: process.comm,
          ...(process.args === undefined ? {} : { args: process.args }),
          member: 'workbench',
          startMs: process.start * 1000,
          ...(end === undefined ? {} : { endMs: end * 1000, exitCode: process.exitCode ?? 0 }),
          cpuUserSeconds: integral(process.cores) * 0.9,
          cpuSystemSeconds: integral(process.cores) * 0.1,
          shortLivedCpuSeconds: integral(process.shortLivedCores),
          peakRssBytes: Math.round(Math.max(0, ...times.map(process.rssBytes))),
          readBytes: Math.round(integral(process.readRate)),
          writeBytes: Math.round(integral(process.writeRate)),
          voluntarySwitches: 40 + times.length * 11,
          involuntarySwitches: times.length * 2,
          samples: times.length,
        },
      ];
    });
  }

  events(): RunEvent[] {
    if (!this.spec.gap) return [];
    const missed = this.#missed();
    const message = `${missed} ticks were missed: the machine was suspended`;
    return [
      { atMs: this.spec.gap[1] * 1000, kind: 'gap', value: missed, message },
      { atMs: 32_000, kind: 'interval', value: 500, message: 'The CPU budget set an interval of 500 ms' },
    ];
  }

  findings(): Finding[] {
    if (!this.spec.gap) return [];
    const sentence = '`zstd` kept one core busy in 97 % of its time, with 7 others free.';
    return [{ kind: 'one-core', process: key(10), sentence, figures: { busyShare: 0.97 } }];
  }

  /** Three: the start, the middle and the end. */
  phases(): Phase[] {
    if (!this.spec.gap) return [];
    const edges = [0, 6, 78, this.seconds];
    return edges.slice(1).map((to, i) => ({
      fromMs: (edges[i] ?? 0) * 1000,
      toMs: to * 1000,
      cores: [1.2, 3.2, 4.1][i] ?? 0,
      rssBytes: 2 ** 30,
      readBytesPerSecond: 2 ** 20,
      writeBytesPerSecond: 0,
    }));
  }

  /** As of a kernel that accounts no delays. */
  wallSplit(): WallSplit {
    const wallSeconds = this.seconds;
    const cpuSeconds = 0.8 * wallSeconds;
    const runnableSeconds = 0.05 * wallSeconds;
    return {
      wallSeconds,
      cpuSeconds,
      runnableSeconds,
      otherSeconds: wallSeconds - cpuSeconds - runnableSeconds,
    };
  }

  series(query: URLSearchParams): SeriesAnswer {
    const fromMs = Number(query.get('from') ?? 0);
    const toMs = Number(query.get('to') ?? this.seconds * 1000);
    const points = Number(query.get('points') ?? 500);
    const widthMs = (toMs - fromMs) / points;
    const times = Array.from({ length: points }, (_, index) => fromMs + index * widthMs);
    const columns = (query.get('columns') ?? '').split(',');
    const subjects = (query.get('processes') ?? '').split(',');
    const grid = { fromMs, widthMs, points };
    const ask = (subject: string) =>
      columns.flatMap((column) => {
        const curve = this.#curve(subject, column);
        return curve ? [this.#line(subject, column, curve, grid)] : [];
      });
    const lines =
      query.get('processes') === 'outputs'
        ? Object.entries(this.spec.outputs ?? {}).map(([name, curve]) => outputLine(name, times, curve))
        : subjects.flatMap(ask);
    if (query.get('together') === 'others') {
      const rest = this.spec.processes
        .flatMap(({ role }, index) => (role === 'agent' ? [] : [key(index)]))
        .filter((own) => !subjects.includes(own))
        .flatMap(ask);
      lines.push(...[...Map.groupBy(rest, ({ column }) => column).values()].map(added));
    }
    const gaps = this.spec.gap ? [{ atMs: this.spec.gap[1] * 1000, missed: this.#missed() }] : [];
    return { fromMs, toMs, times, lines, gaps };
  }

  #line(
    subject: string,
    column: string,
    curve: Curve,
    grid: { fromMs: number; widthMs: number; points: number },
  ): FixtureLine {
    const mean: (number | null)[] = new Array(grid.points).fill(null);
    const process = this.spec.processes[Number(subject.slice(2))];
    const isHost = subject === 'hosts';
    const isGauge = column === 'rssBytes';
    let last = -1;
    for (const t of this.#times()) {
      const lives = process && t >= process.start && t <= (process.end ?? this.seconds);
      if (!lives && !isHost) continue;
      const bucket = Math.min(Math.floor((t * 1000 - grid.fromMs) / grid.widthMs), grid.points - 1);
      // As from the server: a counter's rate is spread over all buckets since the sample before.
      const first = isGauge || last < 0 ? bucket : last + 1;
      for (let index = Math.max(0, first); index <= bucket; index += 1) mean[index] = curve(t);
      last = bucket;
    }
    return {
      subject: isHost ? ('host' as const) : ('process' as const),
      key: isHost ? 'workbench' : subject,
      column,
      kind: isGauge ? ('gauge' as const) : ('counter' as const),
      unit: 's',
      min: mean,
      max: mean,
      mean,
    };
  }

  #curve(subject: string, column: string): Curve | undefined {
    if (subject === 'hosts' && this.spec.pressure) return pressureCurves[column];
    const process = this.spec.processes[Number(subject.slice(2))];
    if (!process || !subject.startsWith('0.')) return undefined;
    const curves: Readonly<Record<string, Curve | undefined>> = {
      utimeTicks: (t) => process.cores(t) * 0.9,
      stimeTicks: (t) => process.cores(t) * 0.1,
      shortLivedUserTicks: process.shortLivedCores,
      rssBytes: process.rssBytes,
      readBytes: process.readRate,
      writeBytes: process.writeRate,
      rcharBytes: process.readRate && ((t) => (process.readRate?.(t) ?? 0) * 1.4),
    };
    return curves[column];
  }

  #results(outputs: Readonly<Record<string, Curve>>): NonNullable<RunView['results']> {
    return Object.entries(outputs).map(([name, curve]) => ({
      name: `${name}.last`,
      unit: '1',
      value: curve(this.seconds),
      better: 'neutral',
      combine: 'mean',
    }));
  }

  #sum(t: number, curve: (process: FixtureProcess) => Curve): number {
    const living = this.spec.processes.filter(
      (process) => !process.role && t >= process.start && t <= (process.end ?? this.seconds),
    );
    return living.reduce((sum, process) => sum + curve(process)(t), 0);
  }

  #times(): number[] {
    const [from, to] = this.spec.gap ?? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const ticks = Array.from({ length: Math.floor(this.seconds / INTERVAL_S) + 1 }, (_, n) => n * INTERVAL_S);
    return ticks.filter((t) => t <= from || t >= to);
  }

  #missed(): number {
    return this.spec.gap ? Math.round((this.spec.gap[1] - this.spec.gap[0]) / INTERVAL_S) - 1 : 0;
  }

  #endedAt(): string {
    return new Date(Date.parse(this.spec.startedAt) + this.seconds * 1000).toISOString();
  }
}

type FixtureLine = SeriesAnswer['lines'][number];

function outputLine(key: string, times: readonly number[], curve: Curve): FixtureLine {
  const mean = times.map((ms) => curve(ms / 1000));
  return {
    subject: 'output',
    key,
    column: 'outputValue',
    kind: 'gauge',
    unit: '1',
    min: mean,
    max: mean,
    mean,
  };
}

function added(lines: readonly FixtureLine[]): FixtureLine {
  const [first] = lines as [FixtureLine];
  const mean = first.mean.map((_, bucket) => {
    const present = lines.map((line) => line.mean[bucket] ?? null).filter((value) => value !== null);
    return present.length === 0 ? null : present.reduce((sum, value) => sum + value, 0);
  });
  return { ...first, key: 'others', min: mean, max: mean, mean };
}

const pressureCurves: Readonly<Record<string, Curve>> = {
  psiCpuSomeUs: (t) => 0.12 + 0.1 * Math.sin(t / 7) ** 2,
  psiMemorySomeUs: (t) => (t > 50 && t < 60 ? 0.06 : 0.002),
  psiIoSomeUs: (t) => 0.03 + 0.25 * Math.max(0, Math.sin(t / 4) - 0.8) * 5,
};
