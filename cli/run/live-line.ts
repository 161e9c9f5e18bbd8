/** Tells on the terminal how the run goes, while it goes. */
import type { RunTotals } from '../../agent/totals.ts';
import type { Output } from '../command.ts';
import { bytes, cores, duration } from '../terminal/format.ts';

const EVERY_MS = 500;
const TICK_SECONDS = 0.01;
const CLEAR = '\r\u001b[2K';
/** xterm's stack of titles; who does not know it shows our last title until the shell sets its own. */
const KEEP_TITLE = '\u001b[22;2t';
const GIVE_TITLE_BACK = '\u001b[23;2t';

export interface LiveRun {
  readonly totals: RunTotals;
  readonly nowMs: number;
  readonly living: number;
}

export interface LiveLine {
  stop(): void;
}

/** Shows nothing where `output` is no terminal. What the command says there may come between; each update starts anew. */
export function showLiveLine(output: Output, run: LiveRun): LiveLine {
  const line = (told: string): string => `${CLEAR}${`podometer  ${told}`.slice(0, output.columns - 1)}\r`;
  return showLive(output, run, { before: '', update: line, after: CLEAR });
}

/** The same in the title of the terminal's window, where the command draws on that terminal. */
export function showLiveTitle(output: Output, run: LiveRun): LiveLine {
  const title = (told: string): string => `\u001b]2;podometer  ${told}\u0007`;
  return showLive(output, run, { before: KEEP_TITLE, update: title, after: GIVE_TITLE_BACK });
}

interface Way {
  readonly before: string;
  readonly update: (told: string) => string;
  readonly after: string;
}

function showLive(output: Output, run: LiveRun, way: Way): LiveLine {
  if (!output.isTty) return { stop: () => {} };
  let isShown = false;
  let before = { atMs: 0, cpuTicks: 0 };
  const timer = setInterval(() => {
    const now = { atMs: run.nowMs, cpuTicks: run.totals.cpuTicks };
    const used = ((now.cpuTicks - before.cpuTicks) * TICK_SECONDS * 1000) / (now.atMs - before.atMs);
    before = now;
    const processes = `${run.living} ${run.living === 1 ? 'process' : 'processes'}`;
    const parts = [duration(now.atMs / 1000), `${cores(used)} cores`, bytes(run.totals.rssBytes), processes];
    output.write(`${isShown ? '' : way.before}${way.update(parts.join('  '))}`);
    isShown = true;
  }, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      if (isShown) output.write(way.after);
    },
  };
}
