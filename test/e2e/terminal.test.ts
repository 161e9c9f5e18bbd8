import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAIN, temporaryFolder } from './measured.ts';
import { noTmux, openTerminal } from './tmux-terminal.ts';

/** A shell line that measures `script`, which lies in a file. */
function measuring(t: TestContext, script: string, after = ''): string {
  const folder = temporaryFolder(t);
  const file = join(folder, 'script');
  writeFileSync(file, script);
  return `${process.execPath} ${MAIN} run --data ${folder} --name x -- sh ${file} ${after}`;
}

test('what a command draws on the terminal is not drawn over', { skip: noTmux }, async (t) => {
  const script = 'echo one; sleep 1.2; echo two; printf "go on? "; sleep 1.2; echo yes';
  const screen = await openTerminal(t, measuring(t, script)).shows(/ended with 0/);

  assert.match(screen, /^one\ntwo\ngo on\? yes\nx@1 /);
});

test('how a run goes is shown while its output goes elsewhere', { skip: noTmux }, async (t) => {
  const file = join(temporaryFolder(t), 'out');
  const terminal = openTerminal(t, measuring(t, 'echo one; sleep 2', `> ${file}`));
  await terminal.shows(/^podometer {2}[\d.]+ m?s {2}[\d.]+ cores/);
  const screen = await terminal.shows(/ended with 0/);

  assert.match(screen, /^x@1 /);
  assert.equal(readFileSync(file, 'utf8'), 'one\n');
});

/** Counts what it gets, and tells its own pid and its parent's. */
const COUNTING = `
n=0
trap 'n=$((n+1)); echo "interrupt $n"' INT
echo "podometer is $PPID."
i=0
while [ $i -lt 40 ]; do sleep 0.1; i=$((i+1)); done
echo "all in all $n."
`;

test('Ctrl-C reaches the command once each time', { skip: noTmux }, async (t) => {
  const terminal = openTerminal(t, measuring(t, COUNTING));
  await terminal.shows(/podometer is/);
  terminal.press('C-c');
  await terminal.shows(/interrupt 1/);
  await sleep(500);
  terminal.press('C-c');

  await terminal.shows(/all in all 2\./);
});

test('a command that Ctrl-C ends is measured to its end, and nothing stays behind', {
  skip: noTmux,
}, async (t) => {
  const terminal = openTerminal(t, measuring(t, 'echo begun; exec sleep 60'));
  await terminal.shows(/begun/);
  await sleep(500);
  terminal.press('C-c');

  const screen = await terminal.shows(/ended with 130/);
  assert.match(screen, /x@1 was ended by SIGINT/);
});

test('an interrupt that was sent to podometer alone reaches the command once', {
  skip: noTmux,
}, async (t) => {
  const terminal = openTerminal(t, measuring(t, COUNTING));
  const screen = await terminal.shows(/podometer is \d+\./);
  process.kill(Number(/podometer is (\d+)\./.exec(screen)?.[1]), 'SIGINT');
  await terminal.shows(/interrupt 1/);

  await terminal.shows(/all in all 1\./);
});
