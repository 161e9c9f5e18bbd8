import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PodContainers } from '../../agent/pod-containers.ts';
import { PodTargets } from '../../agent/pod-targets.ts';
import { ProcessTable } from '../../agent/process-table.ts';

const OWN_PID = 5;

/** A /proc whose processes are all in one container that no mount names. */
class Machine {
  readonly #root = mkdtempSync(join(tmpdir(), 'podometer-'));
  readonly #targets: PodTargets;

  constructor(t: TestContext) {
    t.after(() => rmSync(this.#root, { recursive: true }));
    const procRoot = this.#root;
    this.#targets = new PodTargets({
      procRoot,
      ownPid: OWN_PID,
      containers: new PodContainers({ procRoot, asked: undefined, onContainer: () => {}, warn: () => {} }),
      startMs: (ticks) => ticks,
      nowMs: () => 60_000,
      recordArgs: false,
      countsEarlier: true,
    });
    this.lastPid(OWN_PID);
  }

  /** The pid that the kernel gave last. */
  lastPid(pid: number): void {
    writeFileSync(join(this.#root, 'loadavg'), `0.00 0.00 0.00 1/100 ${pid}\n`);
  }

  /** When it is gone: at the opening of its `stat`, at the reading of it, or not at all. */
  list(pid: number, gone: 'when opened' | 'when read' | 'never' = 'never'): void {
    const folder = join(this.#root, String(pid));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'cgroup'), '0::/pod/app\n');
    writeFileSync(join(folder, 'mountinfo'), '1 0 0:1 / / rw - overlay overlay rw\n');
    const stat = `${pid} (app) S 0 ${Array(48).fill('0').join(' ')}\n`;
    if (gone !== 'when opened') writeFileSync(join(folder, 'stat'), gone === 'when read' ? '' : stat);
    this.lastPid(pid);
  }

  unlist(pid: number): void {
    rmSync(join(this.#root, String(pid)), { recursive: true });
  }

  discovered(): number[] {
    const found = this.#targets.discover(new ProcessTable());
    for (const { stat } of found) stat.close();
    return found.map(({ pid }) => pid);
  }
}

test('a process that is gone between listing and opening is none, and keeps nobody else from being found', (t) => {
  const machine = new Machine(t);
  machine.list(7, 'when opened');
  machine.list(8);
  assert.deepEqual(machine.discovered(), [8]);
});

test('a process that is gone between opening and reading is none either', (t) => {
  const machine = new Machine(t);
  machine.list(7, 'when read');
  machine.list(8);
  assert.deepEqual(machine.discovered(), [8]);
});

test('a process that is given the pid of one that was gone is found', (t) => {
  const machine = new Machine(t);
  machine.list(7, 'when opened');
  assert.deepEqual(machine.discovered(), []);
  machine.unlist(7);
  machine.lastPid(6);
  assert.deepEqual(machine.discovered(), []);
  machine.list(7);
  assert.deepEqual(machine.discovered(), [7]);
});
