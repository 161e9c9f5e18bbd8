import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Spool } from '../../../agent/push/spool.ts';
import { readBatchFile } from '../../../lib/batch-file.ts';
import { deflater } from '../../../lib/deflater.ts';
import type { Batch } from '../../../protocol/batch.ts';
import { checkedBefore, decodeBatch } from '../../../protocol/codec/batch-decode.ts';
import { agentId, batchOf, bytesOf } from '../../aggregator/store/sample-batches.ts';

const TICKS = 400;

/** A batch of many ticks whose values do not repeat. */
function restless(sequence: number): Uint8Array {
  const ticks = Array.from({ length: TICKS }, (_, i) => i);
  const values = [1, 2].map((factor) =>
    ticks.map((i) => Math.floor(1e6 * Math.abs(Math.sin(i * i * factor)))),
  );
  const block = { subject: 'process' as const, index: 0, columns: [7, 8], ticks, values };
  return bytesOf(batchOf(sequence, {}, { ticks, blocks: [block] }));
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function open(folder: string, limitBytes: number, logged: string[] = []): Spool {
  return new Spool({ folder, limitBytes, log: (message) => logged.push(message) });
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
  const whole = restless(0).length;
  const spool = open(temporary(t), 3 * whole);
  for (let sequence = 0; sequence < 8; sequence++) spool.add(agentId(1), sequence, restless(sequence));
  assert.ok(spool.bytes <= 3 * whole);
  const batches = drained(spool);
  assert.deepEqual(
    batches.map(({ sequence }) => sequence),
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
  const ticks = batches.map((batch) => batch.ticks.length);
  assert.deepEqual(
    ticks,
    ticks.toSorted((a, b) => a - b),
  );
  assert.ok((ticks[0] ?? TICKS) <= TICKS / 4);
  assert.equal(ticks.at(-1), TICKS);
});

test('a thinned batch keeps the last value of every counter, and says what went', (t) => {
  const spool = open(temporary(t), 1000);
  spool.add(agentId(1), 3, bytesOf(batchOf(3, {}, {})));
  spool.add(agentId(1), 4, restless(4));
  const [small, thin] = drained(spool);
  assert.ok(small !== undefined && thin !== undefined);
  assert.ok(thin.ticks.length < TICKS);
  assert.deepEqual(thin.totals, new Map([[1, 400]]));
  const gone = thin.events.reduce((sum, { value = 0 }) => sum + value, 0);
  assert.equal(gone, TICKS - thin.ticks.length);
  assert.equal(thin.events[0]?.message, `${gone} of 400 ticks were dropped: the spool was full`);
  if (thin.ticks.length > 0) assert.equal(thin.ticks.at(-1), TICKS - 1);
});

test('what can no longer be thinned is kept, however little room there is', (t) => {
  const spool = open(temporary(t), 1);
  for (let sequence = 0; sequence < 3; sequence++) spool.add(agentId(1), sequence, restless(sequence));
  const batches = drained(spool);
  assert.deepEqual(
    batches.map(({ sequence }) => sequence),
    [0, 1, 2],
  );
  assert.ok(batches.every(({ ticks }) => ticks.length <= 1));
});

test('a file that was cut short is not taken for a batch', (t) => {
  const folder = temporary(t);
  open(folder, 1e6).add(agentId(1), 0, restless(0));
  truncateSync(join(folder, readdirSync(folder)[0] ?? ''), 100);
  const spool = open(folder, 1e6);
  assert.equal(spool.count, 1);
  assert.deepEqual(drained(spool), []);
});

test('on a disk that is full batches wait in memory, and arrive whole', (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root for a small tmpfs');
  const folder = mkdtempSync(join(tmpdir(), 'podometer-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'podometer', folder]);
  t.after(() => {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });
  const logged: string[] = [];
  const spool = open(folder, 1e6, logged);
  for (let sequence = 0; sequence < 30; sequence++) spool.add(agentId(1), sequence, restless(sequence));
  assert.match(logged.join('\n'), /ENOSPC/);
  const batches = drained(spool);
  assert.equal(batches.length, 30);
  assert.ok(batches.every((batch) => batch.ticks.length === TICKS));
});
