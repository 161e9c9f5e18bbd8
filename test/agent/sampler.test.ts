import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { performance } from '../../agent/metrics/performance.ts';
import { StatFile } from '../../agent/procfs/stat.ts';
import { Recorder } from '../../agent/recorder.ts';
import { Sampler } from '../../agent/sampler.ts';
import { Schedule } from '../../agent/schedule.ts';
import { RunTotals } from '../../agent/totals.ts';
import { type ColumnName, columnByName } from '../../protocol/metrics.ts';

/** What `stat` is to say; CPU times in clock ticks. */
interface Says {
  readonly ppid?: number;
  readonly state?: 'R' | 'Z';
  readonly utime?: number;
  readonly cutime?: number;
}

/** The end of this process is told by whoever waits for it. */
const TOLD = 9;
const TOLD_WITHIN_MS = 10;

/** A made-up /proc, whose processes are all targets, and a sampler of it. */
class Machine {
  readonly #root = mkdtempSync(join(tmpdir(), 'podometer-'));
  readonly #pids: number[] = [];
  readonly ends: number[] = [];
  readonly totals = new RunTotals(0);
  readonly recorder = new Recorder({ agent: 'a'.repeat(32), run: 'run', epochMs: 0 });
  readonly sampler: Sampler;

  constructor(t: TestContext) {
    t.after(() => {
      this.sampler.close();
      rmSync(this.#root, { recursive: true });
    });
    this.sampler = new Sampler({
      metrics: [performance],
      context: { procRoot: this.#root, without: new Set(['pss'] as const), event: () => {} },
      targets: {
        discover: (known) =>
          this.#pids.flatMap((pid) => {
            const stat = known.has(pid) ? undefined : StatFile.open(this.#root, pid);
            return stat
              ? [{ pid, role: 'target' as const, container: undefined, stat, startMs: 0, bornInRun: true }]
              : [];
          }),
        args: () => undefined,
      },
      recorder: this.recorder,
      totals: this.totals,
      schedule: new Schedule({ monotonicMs: () => 0, wallMs: () => 0 }, 1000),
      latestEndMs: (pid) => (pid === TOLD ? TOLD_WITHIN_MS : undefined),
      onEnd: ({ pid }) => this.ends.push(pid),
    });
  }

  says(pid: number, { ppid = 1, state = 'R', utime = 0, cutime = 0 }: Says): void {
    const folder = join(this.#root, String(pid));
    if (!this.#pids.includes(pid)) {
      this.#pids.push(pid);
      mkdirSync(folder);
      writeFileSync(join(folder, 'status'), 'VmHWM: 4 kB\n');
    }
    const rest = `0 0 0 0 0 0 0 0 0 ${utime} 0 ${cutime} 0 20 0 1 0 5 4096 1`;
    writeFileSync(join(folder, 'stat'), `${pid} (work) ${state} ${ppid} ${rest}\n`);
  }

  /** As when it has been waited for: the file that is open answers nothing any more. */
  isGone(pid: number): void {
    writeFileSync(join(this.#root, String(pid), 'stat'), '');
  }

  /** [ms, value] of a column of every row of a process, by the order in which the processes were found. */
  rowsOf(index: number, name: ColumnName): [number, number][] {
    const id = columnByName(name)?.id ?? Number.NaN;
    const { ticks, blocks } = this.#batch;
    return blocks
      .filter((block) => block.subject === 'process' && block.index === index)
      .flatMap(({ columns, ticks: places, values }): [number, number][] =>
        columns.includes(id)
          ? Array.from(places, (place, row) => [
              ticks[place] ?? Number.NaN,
              values[columns.indexOf(id)]?.[row] ?? Number.NaN,
            ])
          : [],
      );
  }

  /** Of each end, in their order, how long before it was seen it may have been, ms. */
  get endBoundsMs(): number[] {
    return this.#batch.ends.map(({ boundMs }) => boundMs);
  }

  #drained: ReturnType<Recorder['drain']> | undefined;
  get #batch(): ReturnType<Recorder['drain']> {
    this.#drained ??= this.recorder.drain(this.totals.toMap());
    return this.#drained;
  }
}

test('what the watch read last of a process that is gone is its last row, at the time of that reading', (t) => {
  const machine = new Machine(t);
  machine.says(7, { utime: 10 });
  machine.sampler.tick(1000);
  machine.says(7, { utime: 61 });
  machine.sampler.watchExits(1600);
  machine.isGone(7);
  machine.sampler.tick(2000);
  assert.deepEqual(machine.rowsOf(0, 'utimeTicks'), [
    [1000, 10],
    [1600, 61],
  ]);
  assert.deepEqual(machine.rowsOf(0, 'rssBytes').length, 1);
  assert.equal(machine.totals.get('cpuUserSeconds'), 61);
});

test('a process that is gone at a look of the watch has its last row from the look before', (t) => {
  const machine = new Machine(t);
  machine.says(7, { utime: 10 });
  machine.sampler.tick(1000);
  machine.says(7, { utime: 30 });
  machine.sampler.watchExits(1040);
  machine.isGone(7);
  machine.sampler.watchExits(1080);
  machine.sampler.watchExits(1120);
  assert.deepEqual(machine.ends, [7]);
  assert.deepEqual(machine.rowsOf(0, 'utimeTicks').at(-1), [1040, 30]);
});

test('a process that did nothing after its last row has no other', (t) => {
  const machine = new Machine(t);
  machine.says(7, { utime: 10 });
  machine.sampler.tick(1000);
  machine.sampler.watchExits(1600);
  machine.isGone(7);
  machine.sampler.tick(2000);
  assert.equal(machine.rowsOf(0, 'utimeTicks').length, 1);
});

test('a zombie that the watch finds has its final row at once, and none after it', (t) => {
  const machine = new Machine(t);
  machine.says(7, { utime: 10 });
  machine.sampler.tick(1000);
  machine.says(7, { utime: 66, state: 'Z' });
  machine.sampler.watchExits(1600);
  machine.sampler.tick(2000);
  machine.isGone(7);
  machine.sampler.tick(3000);
  assert.deepEqual(machine.rowsOf(0, 'utimeTicks').at(-1), [1600, 66]);
});

test('a child whose last row came from the watch is taken off its parent as a whole', (t) => {
  const machine = new Machine(t);
  machine.says(7, { utime: 5 });
  machine.says(8, { ppid: 7, utime: 10 });
  machine.sampler.tick(1000);
  machine.says(8, { ppid: 7, utime: 60 });
  machine.sampler.watchExits(1600);
  // It used 2 more before it ended.
  machine.says(7, { utime: 5, cutime: 62 });
  machine.isGone(8);
  machine.sampler.watchExits(1640);
  machine.sampler.tick(2000);
  machine.sampler.tick(3000);
  assert.deepEqual(machine.rowsOf(1, 'utimeTicks').at(-1), [1600, 60]);
  assert.deepEqual(
    machine.rowsOf(0, 'shortLivedUserTicks').map(([, value]) => value),
    [0, 2, 2],
  );
  assert.equal(machine.totals.get('cpuUserSeconds'), 5 + 62);
});

test('a parent that goes after its child, both between two ticks, is counted once, and so is the child', (t) => {
  const machine = new Machine(t);
  machine.says(6, {});
  machine.says(7, { ppid: 6, utime: 5 });
  machine.says(8, { ppid: 7, utime: 10 });
  machine.sampler.tick(1000);
  machine.says(8, { ppid: 7, utime: 60 });
  machine.sampler.watchExits(1040);
  machine.isGone(8);
  machine.says(7, { ppid: 6, utime: 6, cutime: 62 });
  machine.sampler.watchExits(1080);
  machine.sampler.watchExits(1120);
  machine.isGone(7);
  // Another 1 of its own since the last look.
  machine.says(6, { cutime: 7 + 62 });
  machine.sampler.tick(2000);
  machine.sampler.tick(3000);
  assert.deepEqual(machine.rowsOf(1, 'shortLivedUserTicks').at(-1), [1120, 2]);
  assert.deepEqual(machine.rowsOf(0, 'shortLivedUserTicks').at(-1), [3000, 1]);
  assert.equal(machine.totals.get('cpuUserSeconds'), 7 + 62);
});

test('a parent and a child that go at once are counted once', (t) => {
  const machine = new Machine(t);
  machine.says(6, {});
  machine.says(7, { ppid: 6, utime: 5, cutime: 20 });
  machine.says(8, { ppid: 7, utime: 10 });
  machine.sampler.tick(1000);
  // The parent has waited for another child that no tick saw.
  machine.says(7, { ppid: 6, utime: 6, cutime: 50 });
  machine.says(8, { ppid: 7, utime: 60 });
  machine.sampler.watchExits(1040);
  machine.isGone(7);
  machine.isGone(8);
  machine.says(6, { cutime: 6 + 50 + 61 });
  machine.sampler.tick(2000);
  machine.sampler.tick(3000);
  assert.deepEqual(machine.rowsOf(1, 'shortLivedUserTicks').at(-1), [1040, 50]);
  assert.deepEqual(machine.rowsOf(0, 'shortLivedUserTicks').at(-1), [3000, 1]);
  assert.equal(machine.totals.get('cpuUserSeconds'), 6 + 50 + 61);
});

test('an end that is told soon is no later for having been seen first, and one that is only seen may be as old as the look before', (t) => {
  const machine = new Machine(t);
  for (const pid of [8, TOLD]) machine.says(pid, {});
  machine.sampler.tick(1000);
  for (const pid of [8, TOLD]) machine.says(pid, { state: 'Z' });
  machine.sampler.watchExits(1040);
  assert.deepEqual(machine.endBoundsMs, [40, TOLD_WITHIN_MS]);
});

test('a zombie that has waited for a child since the look before has that child’s use once', (t) => {
  const machine = new Machine(t);
  machine.says(7, { utime: 5 });
  machine.says(8, { ppid: 7, utime: 10 });
  machine.sampler.tick(1000);
  machine.says(8, { ppid: 7, utime: 60 });
  machine.sampler.watchExits(1040);
  machine.isGone(8);
  machine.says(7, { utime: 6, cutime: 62, state: 'Z' });
  machine.sampler.watchExits(1080);
  machine.sampler.tick(1085, true);
  assert.deepEqual(
    machine.rowsOf(0, 'shortLivedUserTicks').map(([, value]) => value),
    [0, 2],
  );
  assert.equal(machine.totals.get('cpuUserSeconds'), 6 + 62);
});

test('so it is where the child was a zombie at the tick before', (t) => {
  const machine = new Machine(t);
  machine.says(7, { utime: 5 });
  machine.says(8, { ppid: 7, utime: 60, state: 'Z' });
  machine.sampler.tick(1000);
  machine.isGone(8);
  machine.says(7, { utime: 6, cutime: 60, state: 'Z' });
  machine.sampler.watchExits(1040);
  machine.sampler.tick(1045, true);
  assert.deepEqual(
    machine.rowsOf(0, 'shortLivedUserTicks').map(([, value]) => value),
    [0, 0],
  );
  assert.equal(machine.totals.get('cpuUserSeconds'), 6 + 60);
});
