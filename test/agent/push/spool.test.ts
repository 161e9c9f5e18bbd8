import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statfsSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { Spool, type Waiting } from '../../../agent/push/spool.ts';
import { readBatchFile } from '../../../lib/batch-file.ts';
import { deflater } from '../../../lib/deflater.ts';
import type { Batch } from '../../../protocol/batch.ts';
import { checkedBefore, decodeBatch } from '../../../protocol/codec/batch-decode.ts';
import {
  agentId,
  batchOf,
  bytesOf,
  processOf,
  TICKS_PER_BATCH,
} from '../../aggregator/store/sample-batches.ts';

const TICKS = 400;

/** A batch of many ticks whose values do not repeat. */
function restless(sequence: number, count = TICKS, agent = 1): Uint8Array {
  const ticks = Array.from({ length: count }, (_, i) => i);
  const values = [1, 2].map((factor) =>
    ticks.map((i) => Math.floor(1e6 * Math.abs(Math.sin(i * i * factor)))),
  );
  const block = { subject: 'process' as const, index: 0, columns: [7, 8], ticks, values };
  return bytesOf(batchOf(sequence, { agent }, { ticks, blocks: [block] }));
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function open(folder: string, limitBytes: number, logged: string[] = []): Spool {
  return new Spool({ folder, limitBytes, log: (message) => logged.push(message) });
}

/** What the files of a folder take in blocks of 4 KiB, with those in its folders. */
function occupied(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const blocks = files.map(({ parentPath, name }) => Math.ceil(statSync(join(parentPath, name)).size / 4096));
  return 4096 * blocks.reduce((a, b) => a + b, 0);
}

/** A file system of its own; undefined where we may not mount one. */
function smallDisk(t: TestContext, bytes: number): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'podometer', folder]);
  t.after(() => {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** What a file system says is taken of it. */
function taken(folder: string): number {
  const { blocks, bfree, bsize } = statfsSync(folder);
  return (blocks - bfree) * bsize;
}

/** As an aggregator, it takes no batch before its forerunner. */
class Taker {
  readonly #expected = new Map<string, number>();

  expected(agent: string): number {
    return this.#expected.get(agent) ?? 0;
  }

  offer({ agent, sequence }: Batch, isTaken: boolean): void {
    const expected = this.expected(agent);
    assert.ok(sequence <= expected, `batch ${sequence} came where ${expected} is expected`);
    if (isTaken) this.#expected.set(agent, Math.max(expected, sequence + 1));
  }
}

/** Everything that waits, in its order. */
function drained(spool: Spool): Batch[] {
  const batches: Batch[] = [];
  for (let next = spool.first; next !== undefined; next = spool.first) {
    const bytes = spool.read(next);
    if (bytes !== undefined) batches.push(decodeBatch(bytes, checkedBefore, deflater));
    spool.remove(next);
  }
  return batches;
}

test('the files are in the form that `podometer import` reads', (t) => {
  const folder = temporary(t);
  open(folder, 1e6).add(agentId(1), 0, restless(0));
  const [name = ''] = readdirSync(folder);
  assert.equal(name, `podometer-${agentId(1)}-0000000000.batches`);
  const entries = [...readBatchFile(join(folder, name))];
  assert.deepEqual(
    entries.map(({ kind }) => kind),
    ['batch'],
  );
});

test('a spool that is full keeps every batch, and the older one is, the coarser', (t) => {
  const spool = open(temporary(t), 8 * 4096);
  for (let sequence = 0; sequence < 5; sequence++) spool.add(agentId(1), sequence, restless(sequence, 1600));
  assert.ok(spool.bytes <= 8 * 4096);
  const batches = drained(spool);
  assert.deepEqual(
    batches.map(({ sequence }) => sequence),
    [0, 1, 2, 3, 4],
  );
  const ticks = batches.map((batch) => batch.ticks.length);
  assert.deepEqual(
    ticks,
    ticks.toSorted((a, b) => a - b),
  );
  assert.ok((ticks[0] ?? 1600) <= 400);
  assert.equal(ticks.at(-1), 1600);
});

test('a thinned batch keeps the last value of every counter, and says what went', (t) => {
  const spool = open(temporary(t), 3 * 4096);
  spool.add(agentId(1), 3, bytesOf(batchOf(3, {}, {})));
  spool.add(agentId(1), 4, restless(4, 1600));
  const [small, thin] = drained(spool);
  assert.ok(small !== undefined && thin !== undefined);
  assert.ok(thin.ticks.length < 1600 && thin.ticks.length > 0);
  assert.deepEqual(thin.totals, new Map([[1, 400]]));
  const gone = thin.events.reduce((sum, { value = 0 }) => sum + value, 0);
  assert.equal(gone, 1600 - thin.ticks.length);
  assert.equal(thin.events[0]?.message, `${gone} of 1600 ticks were dropped: the spool was full`);
  assert.equal(thin.ticks.at(-1), 1599);
});

test('where thinning does not free enough, the oldest batches become one, which stands for their numbers', (t) => {
  const folder = temporary(t);
  const logged: string[] = [];
  const spool = open(folder, 16 * 4096, logged);
  for (let sequence = 0; sequence < 100; sequence++) {
    const processes = [processOf(sequence)];
    const events = [{ atMs: sequence, kind: 'warning' as const, message: `event ${sequence}` }];
    spool.add(agentId(1), sequence, bytesOf(batchOf(sequence, {}, { processes, events })));
    assert.ok(occupied(folder) <= 16 * 4096, `${occupied(folder)} bytes after ${sequence}`);
  }
  const later = open(folder, 16 * 4096);
  const batches = drained(later);
  assert.deepEqual(
    batches.map(({ sequence }) => sequence),
    Array.from({ length: 100 }, (_, i) => i),
  );
  // What is small is kept: who the processes were, and what happened.
  const seen = batches.flatMap(({ processes }) => processes.map(({ index }) => index));
  assert.deepEqual(
    seen,
    Array.from({ length: 100 }, (_, i) => i),
  );
  const messages = batches.flatMap(({ events }) => events.map(({ message }) => message));
  for (let i = 0; i < 100; i++) assert.ok(messages.includes(`event ${i}`));
  const dropped = batches
    .flatMap(({ events }) => events.map(({ value = 0 }) => value))
    .reduce((a, b) => a + b);
  const left = batches.reduce((sum, { ticks }) => sum + ticks.length, 0);
  assert.equal(dropped + left, 100 * TICKS_PER_BATCH);
  assert.ok(left >= 13 * TICKS_PER_BATCH, `${left} ticks are left`);
  assert.deepEqual(logged, []);
});

test('more processes than a spool can hold are dropped, and that is said', (t) => {
  const folder = temporary(t);
  const spool = open(folder, 16 * 4096);
  for (let sequence = 0; sequence < 60; sequence++) {
    const processes = Array.from({ length: 200 }, (_, i) =>
      processOf(200 * sequence + i, { comm: `${Math.sin(200 * sequence + i)}` }),
    );
    spool.add(agentId(1), sequence, bytesOf(batchOf(sequence, {}, { processes })));
    assert.ok(occupied(folder) <= 16 * 4096, `${occupied(folder)} bytes after ${sequence}`);
  }
  const batches = drained(spool);
  assert.equal(batches.length, 60);
  assert.match(
    JSON.stringify(batches.map(({ events }) => events)),
    /\d+ processes, 0 ends and \d+ events were dropped: the spool was full/,
  );
  assert.deepEqual(batches.at(-1)?.totals, new Map([[1, 5900]]));
});

test('refused batches take a quarter of the spool at most: the oldest go, and that is logged', (t) => {
  const folder = temporary(t);
  const logged: string[] = [];
  const spool = open(folder, 16 * 4096, logged);
  for (let sequence = 0; sequence < 10; sequence++) {
    spool.add(agentId(1), sequence, restless(sequence));
    const { first } = spool;
    assert.ok(first !== undefined);
    // It stands for the one that was given up before it.
    while (first.first < sequence) spool.remove(first);
    spool.setAside(first, undefined);
  }
  const kept = readdirSync(join(folder, 'refused'));
  assert.equal(kept.length, 4);
  assert.ok(kept.includes(`podometer-${agentId(1)}-0000000009.batches`));
  assert.equal(spool.bytes, occupied(folder));
  assert.equal(
    logged.filter((line) => /0000000005.batches, which the aggregator had refused, was dropped/.test(line))
      .length,
    1,
  );
});

test('whatever becomes of its batches, a spool keeps to its bound, and no number is missing', (t) => {
  const limitBytes = 16 * 4096;
  const folder = smallDisk(t, 2 * limitBytes);
  if (folder === undefined) return t.skip('only root may mount a small tmpfs');
  const kind = fc.constantFrom('small', 'large', 'sent', 'refused', 'restarted');
  fc.assert(
    fc.property(fc.array(kind, { minLength: 20, maxLength: 120 }), (steps) => {
      const place = join(folder, 'spool');
      rmSync(place, { recursive: true, force: true });
      const logged: string[] = [];
      let spool = open(place, limitBytes, logged);
      let [agent, next] = [1, 0];
      const taker = new Taker();
      const send = (first: Waiting, isWanted: boolean): void => {
        const bytes = spool.read(first);
        assert.ok(bytes !== undefined);
        // Nobody refuses an empty one.
        const isTaken = isWanted || first.first !== first.last;
        taker.offer(decodeBatch(bytes, checkedBefore, deflater), isTaken);
        if (isTaken) spool.remove(first);
        else spool.setAside(first, undefined);
      };
      for (const step of steps) {
        const { first } = spool;
        if (step === 'small') spool.add(agentId(agent), next, bytesOf(batchOf(next++, { agent })));
        else if (step === 'large') spool.add(agentId(agent), next, restless(next++, 3000, agent));
        else if (step === 'restarted') {
          spool = open(place, limitBytes, logged);
          [agent, next] = [agent + 1, 0];
        } else if (first !== undefined) send(first, step === 'sent');
        assert.ok(taken(folder) <= limitBytes, `${taken(folder)} bytes after ${step}`);
      }
      for (let { first } = spool; first !== undefined; { first } = spool) send(first, true);
      assert.ok(next === 0 || steps.includes('refused') || taker.expected(agentId(agent)) === next);
      assert.deepEqual(
        logged.filter((line) => !/had refused, was dropped/.test(line)),
        [],
      );
    }),
    { numRuns: 60 },
  );
});

test('a file that was cut short is not taken for a batch', (t) => {
  const folder = temporary(t);
  open(folder, 1e6).add(agentId(1), 0, restless(0));
  truncateSync(join(folder, readdirSync(folder)[0] ?? ''), 100);
  const spool = open(folder, 1e6);
  assert.equal(spool.count, 1);
  assert.deepEqual(drained(spool), []);
});

test('on a disk that is full batches wait in memory, arrive whole, and are written once there is room', (t) => {
  const folder = smallDisk(t, 16 * 1024);
  if (folder === undefined) return t.skip('only root may mount a small tmpfs');
  const logged: string[] = [];
  const spool = open(folder, 1e6, logged);
  for (let sequence = 0; sequence < 30; sequence++) spool.add(agentId(1), sequence, restless(sequence));
  assert.match(logged.join('\n'), /ENOSPC/);
  assert.equal(logged.length, 1);
  execFileSync('mount', ['-o', 'remount,size=1m', folder]);
  spool.add(agentId(1), 30, restless(30));
  assert.equal(readdirSync(folder).length, 31);
  const batches = drained(open(folder, 1e6));
  assert.equal(batches.length, 31);
  assert.ok(batches.every((batch) => batch.ticks.length === TICKS));
});
