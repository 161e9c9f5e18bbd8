/** One line on the terminal that tells how the run goes, while it goes. */
import type { RunTotals } from '../../agent/totals.ts';
import type { Output } from '../command.ts';
import { bytes, cores, duration } from '../terminal/format.ts';

const EVERY_MS = 500;
const TICK_SECONDS = 0.01;
const CLEAR = '\r\u001b[2K';

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
  if (!output.isTty) return { stop: () => {} };
  let shown = false;
  let before = { atMs: 0, cpuTicks: 0 };
  const timer = setInterval(() => {
    const now = { atMs: run.nowMs, cpuTicks: run.totals.cpuTicks };
    const used = ((now.cpuTicks - before.cpuTicks) * TICK_SECONDS * 1000) / (now.atMs - before.atMs);
    before = now;
    const processes = `${run.living} ${run.living === 1 ? 'process' : 'processes'}`;
    const parts = [duration(now.atMs / 1000), `${cores(used)} cores`, bytes(run.totals.rssBytes), processes];
    output.write(`${CLEAR}${`podometer  ${parts.join('  ')}`.slice(0, output.columns - 1)}\r`);
    shown = true;
  }, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      if (shown) output.write(CLEAR);
    },
  };
}
