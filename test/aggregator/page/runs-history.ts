/** Histories for the list of runs: few of every sort, and many. */
import type { MemberRecord, RunRecord } from '../../../aggregator/store/model.ts';
import type { HostFacts } from '../../../protocol/run.ts';
import { FakeStore, member, openMember, processEntry, run, totalsOf } from '../fake-store.ts';

const MINUTE = 60_000;

const hostOf = (hostname: string): HostFacts => ({
  hostname,
  platform: 'linux',
  architecture: 'x64',
  kernel: '6.12.9',
  cpuModel: 'AMD Ryzen 7 7840U',
  cores: 16,
  memoryBytes: 32 * 2 ** 30,
});

const used = (wallSeconds: number, rest: Parameters<typeof totalsOf>[0] = {}): MemberRecord['totals'] =>
  totalsOf({ wallSeconds: wallSeconds * 1000, cpuUserSeconds: wallSeconds * 150, ...rest });

const failed = { endedAtMs: 1, exitCode: 3, reason: 'exited' } as const;

/** `train@1` to `train@4`, of which the last failed, and `build@1`, which runs; an hour between them, the last just now. */
export function variedHistory(nowMs = Date.now()): FakeStore {
  const records: RunRecord[] = [
    run(1, { tags: { branch: 'main' }, host: hostOf('bench-1'), members: [member({ totals: used(60) })] }),
    run(2, {
      tags: { branch: 'fast' },
      host: hostOf('bench-1'),
      note: 'with the new kernel',
      members: [member({ totals: used(40, { peakRssBytes: 2 ** 30 }) })],
    }),
    run(3, { command: ['make', 'train', 'BATCH=64'], members: [member({ totals: used(50) })] }),
    run(4, { host: hostOf('bench-2'), members: [member({ totals: used(10), outcome: failed })] }),
    run(1, {
      workload: { kind: 'Job', name: 'build', namespace: 'ci' },
      members: [openMember({ totals: used(5) })],
    }),
  ];
  const store = new FakeStore();
  records.forEach((record, place) => {
    const startedAtMs = nowMs - (records.length - 1 - place) * 60 * MINUTE;
    store.put({ ...record, startedAtMs }, { processes: [processEntry()] });
  });
  return store;
}

/** So many runs of four workloads, a minute between them; the longest is `w0@1`. */
export function manyRuns(runs: number): FakeStore {
  const store = new FakeStore();
  const newest = Date.UTC(2026, 2, 1);
  for (let n = 0; n < runs; n++) {
    const name = `w${n % 4}`;
    const number = Math.floor(n / 4) + 1;
    store.put(
      run(number, {
        workload: { kind: 'Local', name },
        startedAtMs: newest - (runs - n) * MINUTE,
        ...(n % 3 === 0 ? { command: ['make', name, 'x'.repeat(300)] } : {}),
        ...(n % 5 === 0 ? { tags: { commit: 'abcdef', branch: 'a-rather-long-name', lr: '0.1' } } : {}),
        members: [member({ totals: used(n === 0 ? 500 : 20 + (n % 7)) })],
      }),
    );
  }
  return store;
}
