import type { Finding } from '../../../protocol/findings.ts';
import { median } from '../statistics/quantile.ts';
import { trendOf } from '../statistics/trend.ts';
import { bytes, count, percent } from '../wording.ts';
import { peakOf, type RunSamples, type Samples } from './samples.ts';

/** Share of a memory limit above which little is missing to an OOM kill. */
const NEAR_LIMIT = 0.9;

/** Page cache can be given back: what counts is the rest of what the limit is held against. */
export function memoryLimitFindings(samples: RunSamples): Finding[] {
  return samples.containers.flatMap((container) => {
    const current = samples.of('container', container, 'memoryCurrentBytes');
    const limitBytes = samples.of('container', container, 'memoryLimitBytes')?.values.at(-1);
    if (current === undefined || limitBytes === undefined || limitBytes === 0) return [];
    const cache = samples.of('container', container, 'memoryFileBytes');
    const peakBytes = peakOf({
      ...current,
      values: current.values.map((value, i) => value - (cache?.values[i] ?? 0)),
    });
    if (peakBytes < NEAR_LIMIT * limitBytes) return [];
    return [
      {
        kind: 'memory-limit' as const,
        container: container.name,
        sentence: `Container \`${container.name}\` used ${bytes(peakBytes)} of its memory limit of ${bytes(limitBytes)} (${percent(peakBytes / limitBytes)}, page cache not counted): a little more and it is killed.`,
        figures: { peakBytes, limitBytes, share: peakBytes / limitBytes },
      },
    ];
  });
}

export function oomFindings({ run }: RunSamples): Finding[] {
  const oomKills = run.measures.oomKills ?? 0;
  if (oomKills === 0) return oomKilledContainers(run);
  const what = oomKills === 1 ? 'a process' : `${count(oomKills)} processes`;
  return [
    { kind: 'oom-kill', sentence: `The kernel killed ${what} for want of memory.`, figures: { oomKills } },
  ];
}

/** The kernel's count is gone with the container's cgroup; the API server tells of those that ended by it. */
function oomKilledContainers({ pods = [] }: RunSamples['run']): Finding[] {
  const killed = pods.flatMap(({ containers }) =>
    containers.flatMap(({ name, spells }) =>
      spells.filter(({ reason }) => reason === 'OOMKilled').map(() => name),
    ),
  );
  return [...new Set(killed)].map((container) => {
    const oomKills = killed.filter((name) => name === container).length;
    return {
      kind: 'oom-kill',
      container,
      sentence: `Container \`${container}\` was killed for want of memory${oomKills > 1 ? ` ${count(oomKills)} times` : ''} (OOMKilled).`,
      figures: { oomKills },
    };
  });
}

/** A shorter look cannot tell a leak from a start. */
const SHORTEST_MS = 10_000;
const FEWEST_SAMPLES = 20;
/** Memory grows while a program starts: the first part of its life is not looked at. */
const START_SHARE = 0.25;
/** The trend looks at all pairs of points. */
const MOST_POINTS = 200;
const CERTAIN_P = 0.001;
const LEAST_RISE_BYTES = 4 * 2 ** 20;
const LEAST_RISE_SHARE = 0.1;
const PARTS = 4;
/** Of an even growth each part has its share; of a program that fills a cache the last has next to nothing. */
const LEAST_PART = 0.4;

/** A process whose memory grows all the time, at a pace that does not let up. */
export function leakFindings(samples: RunSamples): Finding[] {
  return samples.processes.flatMap((process) => {
    const rss = samples.of('process', process, 'rssBytes');
    const leak = rss && leakOf(rss);
    if (leak === undefined) return [];
    const { slope, low, high, fromBytes, toBytes } = leak;
    const aMinute = (bytesPerMs: number): string => bytes(bytesPerMs * 60_000);
    return [
      {
        kind: 'leak' as const,
        process: `${process.member}.${process.index}`,
        sentence: `\`${process.comm}\` grew steadily by ${aMinute(slope)} a minute (95 %: ${aMinute(low)} to ${aMinute(high)}), from ${bytes(fromBytes)} to ${bytes(toBytes)}: a leak, unless it is meant to keep all that.`,
        figures: {
          bytesPerSecond: slope * 1000,
          lowBytesPerSecond: low * 1000,
          highBytesPerSecond: high * 1000,
          fromBytes,
          toBytes,
        },
      },
    ];
  });
}

interface Leak {
  /** Bytes per ms. */
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  readonly fromBytes: number;
  readonly toBytes: number;
}

function leakOf(rss: Samples): Leak | undefined {
  const settled = withoutStart(rss);
  const lengthMs = (settled.times.at(-1) ?? 0) - (settled.times[0] ?? 0);
  if (settled.values.length < FEWEST_SAMPLES || lengthMs < SHORTEST_MS) return undefined;
  const { times, values } = thinned(settled);
  const trend = trendOf(times, values);
  if (trend === undefined || trend.p > CERTAIN_P || trend.interval.low <= 0) return undefined;
  const rise = trend.slope * lengthMs;
  if (rise < Math.max(LEAST_RISE_BYTES, LEAST_RISE_SHARE * median(values))) return undefined;
  if (!isSteady(values, rise)) return undefined;
  return {
    slope: trend.slope,
    ...trend.interval,
    fromBytes: values[0] ?? 0,
    toBytes: values.at(-1) ?? 0,
  };
}

function withoutStart({ times, values }: Samples): Samples {
  const first = times[0] ?? 0;
  const fromMs = first + START_SHARE * ((times.at(-1) ?? 0) - first);
  const from = times.findIndex((time) => time >= fromMs);
  return { times: times.slice(from), values: values.slice(from) };
}

function thinned({ times, values }: Samples): Samples {
  const step = Math.max(1, Math.ceil(times.length / MOST_POINTS));
  const isKept = (_: number, i: number): boolean => i % step === 0;
  return { times: times.filter(isKept), values: values.filter(isKept) };
}

/** Whether it rose from each quarter to the next. The medians of two neighbours lie a quarter of the whole rise apart. */
function isSteady(values: readonly number[], rise: number): boolean {
  const length = values.length / PARTS;
  const levels = Array.from({ length: PARTS }, (_, i) =>
    median(values.slice(Math.floor(i * length), Math.floor((i + 1) * length))),
  );
  return levels.slice(1).every((level, i) => level - (levels[i] as number) >= (LEAST_PART * rise) / PARTS);
}
