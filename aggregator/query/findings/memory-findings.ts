import type { Finding } from '../../../protocol/findings.ts';
import { median } from '../statistics/quantile.ts';
import { trendOf } from '../statistics/trend.ts';
import { bytes, count, percent } from '../wording.ts';
import { peakOf, type RunSamples, type Samples, withoutCache } from './samples.ts';
import type { Seen } from './seen.ts';

/** Share of a memory limit above which little is missing to an OOM kill. */
const NEAR_LIMIT = 0.9;

/** Page cache can be given back: what counts is the rest of what the limit is held against. */
export function memoryLimitFindings(samples: RunSamples): Seen[] {
  return samples.containers.flatMap((container) => {
    const current = samples.of('container', container, 'memoryCurrentBytes');
    const limitBytes = samples.of('container', container, 'memoryLimitBytes')?.values.at(-1);
    if (current === undefined || limitBytes === undefined || limitBytes === 0) return [];
    const peakBytes = peakOf(withoutCache(current, samples.of('container', container, 'memoryFileBytes')));
    if (peakBytes < NEAR_LIMIT * limitBytes) return [];
    return [
      {
        kind: 'memory-limit' as const,
        subject: container,
        weight: peakBytes / limitBytes,
        figures: { peakBytes, limitBytes, share: peakBytes / limitBytes },
        sentence: (who: string) =>
          `${who} used ${bytes(peakBytes)} of its memory limit of ${bytes(limitBytes)} (${percent(peakBytes / limitBytes)}, page cache not counted): a little more and it is killed.`,
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
  const killed = pods.flatMap(({ name: pod, containers }) =>
    containers.flatMap(({ name, spells }) =>
      spells.filter(({ reason }) => reason === 'OOMKilled').map(() => ({ pod, name })),
    ),
  );
  return [...Map.groupBy(killed, ({ name }) => name)].map(([container, kills]) => {
    const oomKills = kills.length;
    const among = [...new Set(kills.map(({ pod }) => pod))];
    const where = pods.length < 2 ? '' : ` in ${podsText(among, pods.length)}`;
    return {
      kind: 'oom-kill',
      container,
      sentence: `Container \`${container}\`${where} was killed for want of memory${oomKills > 1 ? ` ${count(oomKills)} times` : ''} (OOMKilled).`,
      figures: { oomKills },
    };
  });
}

function podsText(names: readonly string[], all: number): string {
  const [only] = names;
  return names.length === 1 ? `pod \`${only}\`` : `${names.length} of ${all} pods`;
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
export function leakFindings(samples: RunSamples): Seen[] {
  return samples.processes.flatMap((process) => {
    const rss = samples.of('process', process, 'rssBytes');
    const leak = rss && leakOf(rss);
    if (leak === undefined) return [];
    const { slope, low, high, fromBytes, toBytes } = leak;
    const aMinute = (bytesPerMs: number): string => bytes(bytesPerMs * 60_000);
    return [
      {
        kind: 'leak' as const,
        subject: process,
        weight: slope,
        figures: {
          bytesPerSecond: slope * 1000,
          lowBytesPerSecond: low * 1000,
          highBytesPerSecond: high * 1000,
          fromBytes,
          toBytes,
        },
        sentence: (who: string) =>
          `${who} grew steadily by ${aMinute(slope)} a minute (95 %: ${aMinute(low)} to ${aMinute(high)}), from ${bytes(fromBytes)} to ${bytes(toBytes)}: a leak, unless it is meant to keep all that.`,
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
  // What does not rise from part to part is told without the trend, which is dear.
  if (steps(values).some((step) => step <= 0)) return undefined;
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
  return { times: times.subarray(from), values: values.subarray(from) };
}

function thinned({ times, values }: Samples): Samples {
  const step = Math.max(1, Math.ceil(times.length / MOST_POINTS));
  const isKept = (_: number, i: number): boolean => i % step === 0;
  return { times: times.filter(isKept), values: values.filter(isKept) };
}

/** Whether it rose from each quarter to the next. The medians of two neighbours lie a quarter of the whole rise apart. */
function isSteady(values: Float64Array, rise: number): boolean {
  return steps(values).every((step) => step >= (LEAST_PART * rise) / PARTS);
}

/** By how much the median of each part lies above that of the part before. */
function steps(values: Float64Array): number[] {
  const length = values.length / PARTS;
  const levels = Array.from({ length: PARTS }, (_, i) =>
    median(values.subarray(Math.floor(i * length), Math.floor((i + 1) * length))),
  );
  return levels.slice(1).map((level, i) => level - (levels[i] as number));
}
