import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { listProcesses, parseProcessList } from '../../../agent/portable/process-list.ts';

/** In the form of macOS 26 under LC_ALL=C: paths as program names, some with spaces, a zombie in parentheses. */
const macOutput = `    1     0 Wed Jul 29 15:37:10 2026     /sbin/launchd
  412     1 Sat Aug  1 09:00:01 2026     /Applications/Google Chrome.app/Contents/MacOS/Google Chrome
  977   412 Sat Aug  1 23:59:59 2026     -zsh
  978   977 Sun Feb 29 00:00:00 2032     (make)
`;

test('the process list of macOS is read whole, program names with spaces included', () => {
  assert.deepEqual(parseProcessList(macOutput), [
    { pid: 1, ppid: 0, startMs: Date.parse('2026-07-29T15:37:10Z'), comm: 'launchd' },
    { pid: 412, ppid: 1, startMs: Date.parse('2026-08-01T09:00:01Z'), comm: 'Google Chrome' },
    { pid: 977, ppid: 412, startMs: Date.parse('2026-08-01T23:59:59Z'), comm: '-zsh' },
    { pid: 978, ppid: 977, startMs: Date.parse('2032-02-29T00:00:00Z'), comm: '(make)' },
  ]);
});

test('lines that are not a process are left out', () => {
  const output = [
    'second line of a program name',
    '12 1 Mi. 29 Juli 15:37:10 2026 /bin/sh',
    '13 1 Wed Xxx 29 15:37:10 2026 /bin/sh',
    '14 1 Wed Jul 29 15:37:10 2026 /bin/sh',
    '15 1 Wed Jul 29 15:37',
    '',
  ].join('\n');

  assert.deepEqual(
    parseProcessList(output).map((each) => each.pid),
    [14],
  );
});

test('the list of this machine holds this process with its parent', {
  skip: process.platform === 'win32',
}, async () => {
  const listed = await listProcesses(async (program, args) =>
    execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } }),
  );

  const self = listed.find((each) => each.pid === process.pid);
  assert.equal(self?.ppid, process.ppid);
  assert.ok(Math.abs((self?.startMs ?? 0) - performance.timeOrigin) < 5_000, `started at ${self?.startMs}`);
});
