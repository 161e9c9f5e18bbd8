/** One line on the terminal that tells how a storage tool gets on. */
import type { MeasureName } from '../../protocol/measures.ts';
import type { Output } from '../command.ts';
import type { LiveLine, LiveRun } from '../run/live-line.ts';
import { bytes, duration } from '../terminal/format.ts';

const EVERY_MS = 500;
const CLEAR = '\r\u001b[2K';

export interface StorageLineOptions {
  /** `fio randread, run 2 of 3` */
  readonly title: string;
  /** How long the tool measures, where that is known; laying out its files may come before. */
  readonly runtimeSeconds: number | undefined;
}

/** Shows nothing where `output` is no terminal. Bandwidth is that of the last half second, of the tool's processes. */
export function showStorageLine(output: Output, run: LiveRun, options: StorageLineOptions): LiveLine {
  if (!output.isTty) return { stop: () => {} };
  let shown = false;
  let before = { atMs: 0, read: 0, written: 0 };
  const timer = setInterval(() => {
    const now = { atMs: run.nowMs, ...movedBytes(run) };
    const seconds = (now.atMs - before.atMs) / 1000;
    const parts = [
      `podometer  ${options.title}`,
      progress(now.atMs / 1000, options.runtimeSeconds),
      `read ${bytes((now.read - before.read) / seconds)}/s`,
      `write ${bytes((now.written - before.written) / seconds)}/s`,
    ];
    before = now;
    output.write(`${CLEAR}${parts.join('  ').slice(0, output.columns - 1)}\r`);
    shown = true;
  }, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      if (shown) output.write(CLEAR);
    },
  };
}

/** Storage counts what reached a device, calls what went through them: direct IO misses one, tmpfs the other. */
function movedBytes({ totals }: LiveRun): { read: number; written: number } {
  const larger = (a: MeasureName, b: MeasureName): number => Math.max(totals.get(a), totals.get(b));
  return { read: larger('readBytes', 'rcharBytes'), written: larger('writeBytes', 'wcharBytes') };
}

function progress(seconds: number, runtimeSeconds: number | undefined): string {
  if (runtimeSeconds === undefined) return duration(seconds);
  const percent = Math.min(99, Math.floor((100 * seconds) / runtimeSeconds));
  return `${percent} %  ${duration(seconds)} of ${duration(runtimeSeconds)}`;
}
