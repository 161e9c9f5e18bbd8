/** One run of a Job with two pods: containers, requests and limits, a restart after an OOM kill, an eviction, thread states. */
import type { ColumnSeries, ProcessEntry } from '../../../aggregator/store/model.ts';
import type { ColumnName } from '../../../protocol/metrics.ts';
import type { Pod, PodContainer } from '../../../protocol/pods.ts';
import type { RunEvent } from '../../../protocol/run.ts';
import { FakeStore, member, processEntry, run, START_MS, series, totalsOf } from '../fake-store.ts';

const MiB = 2 ** 20;
const SECONDS = 240;
const startMs = START_MS + 3_600_000;
const at = (seconds: number): string => new Date(startMs + seconds * 1000).toISOString();

export const clusterRef = 'etl@1';

const containers = [0, 1].flatMap((place) => [
  { member: place, index: 0, name: 'main' },
  { member: place, index: 1, name: 'proxy' },
]);

const processes: ProcessEntry[] = [0, 1].flatMap((place) => [
  entry(place, 0, 'bash', undefined, 0, 0, SECONDS),
  entry(place, 1, 'extract', 0, 0, 2, 90),
  entry(place, 2, 'transform', 0, 0, 88, 200),
  entry(place, 3, 'load', 0, 0, 195, 238),
  entry(place, 4, 'envoy', undefined, 1, 0, SECONDS),
]);

const CORES: Readonly<Record<string, number>> = { extract: 0.4, transform: 1.7, load: 0.2, envoy: 0.05 };
const RSS: Readonly<Record<string, number>> = { bash: 4, extract: 120, transform: 460, load: 90, envoy: 60 };
const DISK: Readonly<Record<string, number>> = { extract: 0.3, load: 0.7 };

export function clusterHistory(): FakeStore {
  const store = new FakeStore();
  const own = processes.flatMap(samplesOf);
  const totals = totalsOf({
    wallSeconds: SECONDS * 1000,
    cpuUserSeconds: 13_000,
    cpuSystemSeconds: 800,
    peakRssBytes: 590 * MiB,
    oomKills: 1,
    waitLockSeconds: 12_000,
    waitNetworkSeconds: 300_000,
    processes: 5,
  });
  const outcome = { endedAtMs: startMs + SECONDS * 1000, exitCode: 1, reason: 'exited' } as const;
  store.put(
    run(1, {
      workload: { kind: 'Job', name: 'etl', namespace: 'data' },
      intervalMs: 1000,
      metrics: ['performance', 'time', 'pressure', 'threads'],
      members: ['etl-abcde', 'etl-fghij'].map((name, place) =>
        member({ name, agent: String(place).repeat(32), podUid: `uid-${place}`, totals, outcome }),
      ),
      pods: [
        pod('etl-abcde', 'uid-0', 'node-a', [oomKilled, proxy]),
        { ...pod('etl-fghij', 'uid-1', 'node-b', [main, proxy]), ...evicted },
      ],
    }),
    { processes, containers, events },
    own,
  );
  return store;
}

const events: RunEvent[] = [
  { atMs: 130_000, kind: 'oom', message: 'Container main of etl-abcde was killed for want of memory' },
  { atMs: 133_000, kind: 'restart', value: 1, message: 'Container main of etl-abcde was started again' },
  { atMs: 60_000, kind: 'gap', value: 4, message: '4 ticks were missed' },
  { atMs: 238_000, kind: 'eviction', message: 'Pod etl-fghij was evicted: the node was low on memory' },
];

const asked = {
  requests: { cpu: '500m', memory: '256Mi' },
  limits: { cpu: '2', memory: '512Mi' },
} as const;

const main: PodContainer = {
  name: 'main',
  role: 'main',
  image: 'registry.example/team/etl:1.4.2',
  restarts: 0,
  ...asked,
  spells: [{ startedAt: at(0), finishedAt: at(238), exitCode: 137, reason: 'Error' }],
};
const oomKilled: PodContainer = {
  ...main,
  restarts: 1,
  spells: [
    { startedAt: at(0), finishedAt: at(130), exitCode: 137, reason: 'OOMKilled' },
    { startedAt: at(133), finishedAt: at(240), exitCode: 1, reason: 'Error' },
  ],
};
const proxy: PodContainer = {
  name: 'proxy',
  role: 'sidecar',
  image: 'registry.example/envoy:1.30',
  restarts: 0,
  spells: [{ startedAt: at(0), finishedAt: at(240), exitCode: 0, reason: 'Completed' }],
};
const evicted = { reason: 'Evicted', message: 'The node was low on resource: memory.' } as const;

function pod(name: string, uid: string, node: string, own: PodContainer[]): Pod {
  return { name, uid, node, phase: 'Failed', createdAt: at(0), containers: own };
}

function entry(
  place: number,
  index: number,
  comm: string,
  parent: number | undefined,
  container: number,
  start: number,
  end: number,
): ProcessEntry {
  return processEntry({
    member: place,
    index,
    pid: 10 + index,
    comm,
    parent,
    container,
    startMs: start * 1000,
    endMs: end * 1000,
    exitCode: 0,
  });
}

function samplesOf(process: ProcessEntry): ColumnSeries[] {
  const { member: place, index, comm, startMs: from, endMs = 0 } = process;
  const seconds = Array.from({ length: SECONDS + 1 }, (_, i) => i).filter(
    (s) => s * 1000 >= from && s * 1000 <= endMs && !(s > 56 && s < 60),
  );
  const lines = (column: ColumnName, value: (second: number) => number) =>
    series(
      column,
      seconds.map((s) => [s * 1000, Math.round(value(s))] as const),
      { member: place, index },
    );
  const age = (s: number) => s - from / 1000;
  const cores = CORES[comm] ?? 0.01;
  const waits = DISK[comm] ?? 0;
  return [
    lines('utimeTicks', (s) => age(s) * cores * 92 + 8 * Math.sin(s / 5)),
    lines('stimeTicks', (s) => age(s) * cores * 8),
    lines('rssBytes', (s) => (RSS[comm] ?? 1) * MiB * (1 - Math.exp(-age(s) / 20))),
    lines('readBytes', (s) => (comm === 'extract' ? age(s) * 9 * MiB : 0)),
    lines('writeBytes', (s) => (comm === 'load' ? age(s) * 14 * MiB : 0)),
    lines('runDelayNs', (s) => age(s) * 4e7),
    lines('threadsRunning', () => Math.round(cores)),
    lines('threadsSleeping', () => 4),
    lines('threadsUninterruptible', () => Math.round(waits)),
    lines('waitDiskMs', (s) => age(s) * waits * 1000),
  ];
}
