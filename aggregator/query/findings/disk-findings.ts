import type { Finding } from '../../../protocol/findings.ts';
import type { ProcessEntry } from '../../store/model.ts';
import { duration, percent } from '../wording.ts';
import { growthOf, type RunSamples, type Samples } from './samples.ts';
import type { Seen } from './seen.ts';

/** Of the run's time; less than this is the ordinary price of reading and writing. */
const MUCH = 0.25;
/** So many times the time that passed: more than one thread waited. */
const SEVERAL = 1.2;

/** Processes that spent much of the run waiting for storage, with one thread or several at once. */
export function diskFindings(samples: RunSamples): Seen[] {
  const wall = samples.run.measures.wallSeconds ?? 0;
  if (wall === 0) return [];
  return samples.processes.flatMap((process) => {
    const ofProcess = samples.of('process', process, 'blockIoDelayTicks');
    const ofThreads = samples.of('process', process, 'threadUninterruptibleMs');
    const waitedSeconds = Math.min(
      wall,
      Math.max(ofProcess ? growthOf(ofProcess) : 0, ofThreads ? secondsOfAny(ofThreads) : 0),
    );
    if (waitedSeconds < MUCH * wall) return [];
    const threadSeconds = ofThreads === undefined ? 0 : growthOf(ofThreads);
    const together =
      threadSeconds > SEVERAL * waitedSeconds ? ` (${duration(threadSeconds)} of its threads together)` : '';
    const share = waitedSeconds / wall;
    return [
      {
        kind: 'disk-wait' as const,
        subject: process,
        weight: Math.max(waitedSeconds, threadSeconds),
        figures: { waitedSeconds, share, ...(threadSeconds > 0 && { threadSeconds }) },
        sentence: (who: string) =>
          `${who} waited for disk for ${duration(waitedSeconds)}, ${percent(share)} of the run${together}.`,
      },
    ];
  });
}

/** Whose threads together waited for as much. */
export function diskSuspects(totals: RunSamples): ProcessEntry[] {
  const wall = totals.run.measures.wallSeconds ?? 0;
  const waited = (process: ProcessEntry, column: 'blockIoDelayTicks' | 'threadUninterruptibleMs'): number => {
    const found = totals.of('process', process, column);
    return found === undefined ? 0 : growthOf(found);
  };
  return totals.processes.filter(
    (process) =>
      Math.max(waited(process, 'blockIoDelayTicks'), waited(process, 'threadUninterruptibleMs')) >=
      MUCH * wall,
  );
}

/** The time in which at least one thread waited, at most: that of all of them, but between two samples no more than passed. */
function secondsOfAny({ times, values }: Samples): number {
  return times.subarray(1).reduce((sum, time, i) => {
    const passed = (time - (times[i] as number)) / 1000;
    return sum + Math.min(passed, (values[i + 1] as number) - (values[i] as number));
  }, 0);
}

/** The pressure of the whole, for where no process can be told. */
export function ioPressureFindings({ run }: RunSamples): Finding[] {
  const { wallSeconds: wall = 0 } = run.measures;
  const psiIoSeconds = Math.min(wall, run.measures.psiIoSeconds ?? 0);
  if (wall === 0 || psiIoSeconds < MUCH * wall) return [];
  return [
    {
      kind: 'disk-wait',
      sentence: `Something waited for IO in ${percent(psiIoSeconds / wall)} of the run (IO pressure of ${duration(psiIoSeconds)}).`,
      figures: { psiIoSeconds, share: psiIoSeconds / wall },
    },
  ];
}
