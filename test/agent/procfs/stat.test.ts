import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Stat, StatFile } from '../../../agent/procfs/stat.ts';

const captured = readFileSync('test/fixtures/cgroup-v2-throttled/proc/stat');

function parsed(line: string | Buffer): Stat {
  const stat = new Stat();
  stat.parse(Buffer.from(line));
  return stat;
}

function withComm(comm: string): string {
  return captured.toString('latin1').replace('(sh)', `(${comm})`);
}

test('the fields of a captured line are read', () => {
  const stat = parsed(captured);
  assert.equal(stat.ppid, 1);
  assert.equal(stat.minorFaults, 67);
  assert.equal(stat.utimeTicks, 244);
  assert.equal(stat.stimeTicks, 0);
  assert.equal(stat.threads, 1);
  assert.equal(stat.startTicks, 141);
  assert.equal(stat.vsizeBytes, 2_314_240);
  assert.equal(stat.blockIoDelayTicks, 0);
  assert.equal(stat.hasEnded, false);
});

test('the fields are those of the line, whatever its bytes are used for before they are asked for', () => {
  const stat = new Stat();
  const shared = Buffer.from(captured);
  stat.parse(shared);
  shared.fill(0);
  assert.equal(stat.utimeTicks, 244);
});

test('nothing stays of the line before', () => {
  const stat = parsed(captured);
  stat.parse(Buffer.from('7 (sh)'));
  assert.equal(stat.utimeTicks, Number.NaN);
  stat.parse(captured);
  stat.parse(Buffer.from('7 (sh) S 1'));
  assert.equal(stat.ppid, 1);
  assert.equal(stat.utimeTicks, Number.NaN);
});

test('a name with blanks, parentheses and newlines does not shift the fields', () => {
  for (const comm of ['a b', ') R 9 (', 'x\ny', '((', '))', '']) {
    const stat = parsed(withComm(comm));
    assert.equal(stat.utimeTicks, 244, comm);
    assert.equal(stat.takeNewComm() ?? '', comm);
  }
});

test('a name is told once, and again when it changes', () => {
  const stat = parsed(withComm('sh'));
  assert.equal(stat.takeNewComm(), 'sh');
  stat.parse(captured);
  assert.equal(stat.takeNewComm(), undefined);
  stat.parse(Buffer.from(withComm('sort')));
  stat.parse(Buffer.from(withComm('sort')));
  assert.equal(stat.takeNewComm(), 'sort');
});

test('fields that an older kernel does not have are absent', () => {
  const stat = parsed('7 (old) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 99 1000 2');
  assert.equal(stat.startTicks, 99);
  assert.equal(stat.blockIoDelayTicks, Number.NaN);
});

test('a zombie has ended', () => {
  assert.equal(parsed(captured.toString().replace(' R ', ' Z ')).hasEnded, true);
});

test('a file of a process that was waited for answers gone, also when opened', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const stat = StatFile.open('/proc', child.pid ?? 0);
  assert.equal(stat?.read(), 'read');
  assert.equal(stat?.ppid, process.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(stat?.read(), 'gone');
  assert.equal(StatFile.open('/proc', child.pid ?? 0), undefined);
  stat?.close();
});

test('resident memory is counted in the pages of this machine', () => {
  const stat = StatFile.open('/proc', process.pid);
  const status = readFileSync('/proc/self/status', 'latin1');
  const rss = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
  assert.ok(Math.abs((stat?.rssBytes ?? 0) - rss) < 16 * 1024 * 1024);
  stat?.close();
});
