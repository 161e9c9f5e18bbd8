/**
 * Two groups of six runs that load, compute and write. In the second, by its tag, the writing takes longer because the disk
 * is slow, and one more program runs. One run of the first group was slow to warm up.
 */
import { seededRandom } from '../../../aggregator/query/statistics/seeded-random.ts';
import type { ColumnSeries, ProcessEntry } from '../../../aggregator/store/model.ts';
import type { ColumnName } from '../../../protocol/metrics.ts';
import { FakeStore, member, processEntry, run, START_MS, series, totalsOf } from '../fake-store.ts';

const MiB = 2 ** 20;

interface Job {
  readonly number: number;
  readonly loadSeconds: number;
  readonly computeSeconds: number;
  readonly writeSeconds: number;
  readonly added: string | undefined;
}

/** `added`: the name of the program that only the second group runs. */
export function compareHistory(added = 'flush'): FakeStore {
  const random = seededRandom(7);
  const about = (value: number) => value * (0.99 + 0.02 * random());
  const store = new FakeStore();
  for (let number = 1; number <= 12; number += 1) {
    const isSlow = number > 6;
    put(store, {
      number,
      loadSeconds: about(number === 1 ? 40 : 20),
      computeSeconds: about(30),
      writeSeconds: about(isSlow ? 38 : 12),
      added: isSlow ? added : undefined,
    });
  }
  return store;
}

/** What a process does in each second of the run. */
interface Work {
  readonly cores: (second: number) => number;
  readonly rss: (second: number) => number;
  readonly read?: (second: number) => number;
  readonly written?: (second: number) => number;
  readonly waits?: (second: number) => number;
}

function put(store: FakeStore, job: Job): void {
  const { number, added } = job;
  const isSlow = added !== undefined;
  const loaded = job.loadSeconds;
  const computed = loaded + job.computeSeconds;
  const ended = computed + job.writeSeconds;
  const processes: ProcessEntry[] = [
    entry(0, 'make', undefined, 0, ended),
    entry(1, 'load', 0, 0.2, loaded),
    entry(2, 'compute', 0, loaded, computed),
    entry(3, 'compute', 0, loaded + 0.1, computed - 1),
    entry(4, 'sort', 0, computed, ended - 0.2),
    ...(isSlow ? [entry(5, added, 4, computed + 2, ended - 1)] : []),
  ];
  const works: Work[] = [
    { cores: () => 0.01, rss: () => 4 * MiB },
    { cores: () => 0.25, rss: () => 90 * MiB, read: () => 60 * MiB },
    { cores: (s) => 1.9 + 0.1 * Math.sin(s), rss: () => 300 * MiB },
    { cores: (s) => 1.6 + 0.2 * Math.cos(s), rss: () => 250 * MiB },
    {
      cores: () => (isSlow ? 0.25 : 0.8),
      rss: () => 120 * MiB,
      written: () => (isSlow ? 14 : 44) * MiB,
      waits: () => (isSlow ? 0.75 : 0.05),
    },
    { cores: () => 0.02, rss: () => 8 * MiB },
  ];
  const samples = processes.flatMap((process, i) => samplesOf(process, works[i] as Work, ended));
  const waited = samplesOf(processes[4] as ProcessEntry, works[4] as Work, ended);
  const total = (column: ColumnName) =>
    samples
      .filter((one) => one.column === series(column, []).column)
      .reduce((sum, one) => sum + (one.values.at(-1) ?? 0), 0);
  store.put(
    run(number, {
      intervalMs: 500,
      tags: { commit: isSlow ? 'def' : 'abc' },
      metrics: ['performance', 'pressure'],
      members: [
        member({
          totals: totalsOf({
            wallSeconds: Math.round(ended * 1000),
            cpuUserSeconds: total('utimeTicks'),
            cpuSystemSeconds: 10,
            peakRssBytes: (554 + number) * MiB,
            readBytes: total('readBytes'),
            writeBytes: total('writeBytes'),
            processes: processes.length,
            psiIoSeconds: waited.length * 1000,
          }),
          outcome: { endedAtMs: START_MS + number * 3_600_000 + ended * 1000, exitCode: 0, reason: 'exited' },
        }),
      ],
      host: {
        hostname: 'box',
        platform: 'linux',
        architecture: 'x64',
        kernel: isSlow ? '6.12.9' : '6.12.8',
        cpuModel: 'AMD Ryzen 7 7840U',
        cores: 16,
        memoryBytes: 32 * 2 ** 30,
      },
    }),
    { processes, events: [] },
    samples,
  );
}

function entry(
  index: number,
  comm: string,
  parent: number | undefined,
  start: number,
  end: number,
): ProcessEntry {
  return processEntry({
    index,
    comm,
    parent,
    startMs: Math.round(start * 1000),
    endMs: Math.round(end * 1000),
    exitCode: 0,
  });
}

function samplesOf({ index, startMs, endMs = 0 }: ProcessEntry, work: Work, ended: number): ColumnSeries[] {
  const ticks = Array.from({ length: Math.floor(ended * 2) + 1 }, (_, i) => i * 500);
  const alive = ticks.filter((ms) => ms >= startMs && ms <= endMs);
  const counter = (column: ColumnName, perSecond: (second: number) => number) => {
    let total = 0;
    let last = startMs;
    return series(
      column,
      alive.map((ms) => {
        total += (perSecond(ms / 1000) * (ms - last)) / 1000;
        last = ms;
        return [ms, Math.round(total)] as const;
      }),
      { index },
    );
  };
  return [
    counter('utimeTicks', (s) => work.cores(s) * 100),
    series(
      'rssBytes',
      alive.map((ms) => [ms, Math.round(work.rss(ms / 1000))] as const),
      { index },
    ),
    counter('readBytes', work.read ?? (() => 0)),
    counter('writeBytes', work.written ?? (() => 0)),
    counter('blockIoDelayTicks', (s) => (work.waits?.(s) ?? 0) * 100),
  ];
}
