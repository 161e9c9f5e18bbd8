import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ThreadSampler } from '../../../agent/metrics/thread-sampler.ts';
import { WaitClasses } from '../../../agent/metrics/wait-class.ts';
import { Stat } from '../../../agent/procfs/stat.ts';

const PID = 100;
const FUTEX = '202 0x0 0x0\n';
const NANOSLEEP = '230 0x0 0x0\n';

/** A made-up process with threads, in a folder that stands for /proc. */
class Threads {
  readonly root = mkdtempSync(join(tmpdir(), 'podometer-'));

  constructor(t: TestContext) {
    t.after(() => rmSync(this.root, { recursive: true }));
  }

  set(tid: number, letter: string, syscall = 'running\n'): void {
    const folder = join(this.root, String(PID), 'task', String(tid));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'stat'), `${tid} (worker) ${letter} 1 1\n`);
    writeFileSync(join(folder, 'syscall'), syscall);
  }

  end(tid: number): void {
    rmSync(join(this.root, String(PID), 'task', String(tid)), { recursive: true });
  }

  sampler(startMs = 0): ThreadSampler {
    return new ThreadSampler({ procRoot: this.root, pid: PID, classes: WaitClasses.of('x64'), startMs });
  }
}

/** What `stat` says of a process with so many threads. */
function stat(threads: number, letter = 'S'): Stat {
  const made = new Stat();
  const fields = [letter, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, threads, 0, 5];
  made.parse(Buffer.from(`${PID} (main) ${fields.join(' ')}\n`));
  return made;
}

function counts(sampler: ThreadSampler): number[] {
  const into = new Float64Array(4);
  sampler.counts(into);
  return [...into];
}

const times = (sampler: ThreadSampler): number[] => Array.from(sampler.stateMs);
const waits = (sampler: ThreadSampler): number[] | undefined => sampler.waitMs && Array.from(sampler.waitMs);

test('each reading stands for the time since the one before', (t) => {
  const threads = new Threads(t);
  threads.set(PID, 'R');
  threads.set(101, 'S', FUTEX);
  threads.set(102, 'D', '-1 0x0 0x0\n');
  const sampler = threads.sampler(50);
  sampler.sample(stat(3), 100);
  assert.deepEqual(counts(sampler), [1, 1, 1, 0]);
  assert.deepEqual(times(sampler), [50, 50, 50, 0]);
  threads.set(101, 'S', NANOSLEEP);
  threads.set(102, 'R');
  sampler.sample(stat(3), 300);
  assert.deepEqual(counts(sampler), [2, 1, 0, 0]);
  assert.deepEqual(times(sampler), [450, 250, 50, 0]);
  assert.deepEqual(waits(sampler), [50, 50, 0, 0, 200, 0, 0]);
});

test('a thread that begins counts from the sample before, and one that ended counts no more', (t) => {
  const threads = new Threads(t);
  threads.set(PID, 'S', FUTEX);
  threads.set(101, 'S', FUTEX);
  const sampler = threads.sampler();
  sampler.sample(stat(2), 100);
  threads.set(102, 'R');
  sampler.sample(stat(3), 150);
  assert.deepEqual(times(sampler), [50, 300, 0, 0]);
  threads.end(101);
  sampler.sample(stat(2), 200);
  assert.deepEqual(times(sampler), [100, 350, 0, 0]);
  assert.deepEqual(counts(sampler), [1, 1, 0, 0]);
});

test('a thread that took the place of another within one interval is found at the next sample', (t) => {
  const threads = new Threads(t);
  threads.set(PID, 'R');
  threads.set(101, 'S', FUTEX);
  const sampler = threads.sampler();
  sampler.sample(stat(2), 100);
  // The kernel answers ESRCH for a thread that ended; of an empty file as little can be known.
  writeFileSync(join(threads.root, String(PID), 'task', '101', 'stat'), '');
  sampler.sample(stat(2), 200);
  assert.deepEqual(counts(sampler), [1, 0, 0, 0]);
  threads.end(101);
  threads.set(102, 'D', FUTEX);
  sampler.sample(stat(2), 300);
  assert.deepEqual(counts(sampler), [1, 0, 1, 0]);
});

test('of many threads some are read at each sample, all of them in turn, and no time is lost', (t) => {
  const threads = new Threads(t);
  for (let tid = PID; tid < PID + 40; tid++) threads.set(tid, 'S', FUTEX);
  const sampler = threads.sampler();
  sampler.sample(stat(40), 10);
  assert.deepEqual(counts(sampler), [0, 16, 0, 0]);
  sampler.sample(stat(40), 20);
  sampler.sample(stat(40), 30);
  assert.deepEqual(counts(sampler), [0, 40, 0, 0]);
  assert.equal(times(sampler)[1], 16 * 10 + 16 * 20 + 8 * 30 + 8 * 20);
});

test('while a process sleeps its threads go on with what they wait for', (t) => {
  const threads = new Threads(t);
  threads.set(PID, 'S', NANOSLEEP);
  const sampler = threads.sampler();
  sampler.sample(stat(1), 100);
  threads.end(PID);
  sampler.standStill(400);
  assert.deepEqual(times(sampler), [0, 400, 0, 0]);
  assert.equal(waits(sampler)?.[4], 400);
});

test('where no reading of system calls is allowed the waits are absent, and the states are there', (t) => {
  const threads = new Threads(t);
  threads.set(PID, 'S', FUTEX);
  threads.set(101, 'S', FUTEX);
  const sampler = new ThreadSampler({ procRoot: threads.root, pid: PID, classes: undefined, startMs: 0 });
  sampler.sample(stat(2), 100);
  assert.equal(waits(sampler), undefined);
  assert.deepEqual(times(sampler), [0, 200, 0, 0]);
});

test('a process that never waits has waited for nothing, which is not the same as not known', (t) => {
  const threads = new Threads(t);
  threads.set(PID, 'R');
  const sampler = threads.sampler();
  sampler.sample(stat(1, 'R'), 100);
  assert.deepEqual(waits(sampler), [0, 0, 0, 0, 0, 0, 0]);
});
