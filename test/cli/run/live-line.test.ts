import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Output } from '../../../cli/command.ts';
import { type LiveRun, showLiveLine, showLiveTitle } from '../../../cli/run/live-line.ts';

const ESCAPE = '\u001b';

function terminal(isTty: boolean): { readonly output: Output; readonly written: () => string } {
  let written = '';
  const output = {
    isTty,
    columns: 40,
    colour: false,
    closed: false,
    write: (text: string) => {
      written += text;
    },
  };
  return { output, written: () => written };
}

/** 1.5 s into a run of two processes that used 0.75 s of CPU. */
const running = {
  nowMs: 1500,
  living: 2,
  totals: { cpuTicks: 75, rssBytes: 3 * 2 ** 20 },
} as unknown as LiveRun;

test('the line is written over itself and cleared, and is no wider than the terminal', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { output, written } = terminal(true);
  const line = showLiveLine(output, running);
  t.mock.timers.tick(500);
  assert.equal(written(), `\r${ESCAPE}[2Kpodometer  1.50 s  0.5 cores  3.00 MiB \r`);
  line.stop();
  assert.ok(written().endsWith(`\r\r${ESCAPE}[2K`));
});

test('the title of the window is kept, told anew, and given back; nothing is drawn', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { output, written } = terminal(true);
  const title = showLiveTitle(output, running);
  t.mock.timers.tick(1000);
  title.stop();
  const [, kept, ...rest] = written().split(ESCAPE);
  assert.equal(kept, '[22;2t');
  assert.equal(rest[0], ']2;podometer  1.50 s  0.5 cores  3.00 MiB  2 processes\u0007');
  assert.equal(rest.at(-1), '[23;2t');
  assert.ok(rest.slice(0, -1).every((part) => part.startsWith(']2;') && part.endsWith('\u0007')));
});

test('where there is no terminal nothing is written, and a run that ends at once writes nothing either', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  for (const [show, isTty] of [
    [showLiveLine, false],
    [showLiveTitle, false],
    [showLiveTitle, true],
  ] as const) {
    const { output, written } = terminal(isTty);
    const live = show(output, running);
    if (!isTty) t.mock.timers.tick(2000);
    live.stop();
    assert.equal(written(), '');
  }
});
