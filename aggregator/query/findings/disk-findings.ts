import type { Finding } from '../../../protocol/findings.ts';
import { duration, percent } from '../wording.ts';
import { growthOf, type RunSamples } from './samples.ts';
import type { Seen } from './seen.ts';

/** Of the run's time; less than this is the ordinary price of reading and writing. */
const MUCH = 0.25;

/** Processes that spent much of the run waiting for storage. */
export function diskFindings(samples: RunSamples): Seen[] {
  const wall = samples.run.measures.wallSeconds ?? 0;
  if (wall === 0) return [];
  return samples.processes.flatMap((process) => {
    const seconds = Math.max(
      ...(['blockIoDelayTicks', 'threadUninterruptibleMs'] as const).map((name) => {
        const found = samples.of('process', process, name);
        return found === undefined ? 0 : growthOf(found);
      }),
    );
    if (seconds < MUCH * wall) return [];
    return [
      {
        kind: 'disk-wait' as const,
        subject: process,
        weight: seconds,
        figures: { waitedSeconds: seconds, share: seconds / wall },
        sentence: (who: string) =>
          `${who} waited for disk for ${duration(seconds)}, ${percent(seconds / wall)} of the run.`,
      },
    ];
  });
}

/** The pressure of the whole, for where no process can be told. */
export function ioPressureFindings({ run }: RunSamples): Finding[] {
  const { psiIoSeconds = 0, wallSeconds: wall = 0 } = run.measures;
  if (wall === 0 || psiIoSeconds < MUCH * wall) return [];
  return [
    {
      kind: 'disk-wait',
      sentence: `Something waited for IO in ${percent(psiIoSeconds / wall)} of the run (IO pressure of ${duration(psiIoSeconds)}).`,
      figures: { psiIoSeconds, share: psiIoSeconds / wall },
    },
  ];
}
