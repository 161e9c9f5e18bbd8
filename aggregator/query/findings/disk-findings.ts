import type { Finding } from '../../../protocol/findings.ts';
import { duration, percent } from '../wording.ts';
import { growthOf, type RunSamples } from './samples.ts';

/** Of the run's time; less than this is the ordinary price of reading and writing. */
const MUCH = 0.25;

/** Processes that spent much of the run waiting for storage; where none can be told, the pressure of the whole. */
export function diskFindings(samples: RunSamples): Finding[] {
  const wall = samples.run.measures.wallSeconds ?? 0;
  if (wall === 0) return [];
  const byProcess = samples.processes.flatMap((process): Finding[] => {
    const seconds = Math.max(
      ...(['blockIoDelayTicks', 'threadUninterruptibleMs'] as const).map((name) => {
        const found = samples.of('process', process, name);
        return found === undefined ? 0 : growthOf(found);
      }),
    );
    if (seconds < MUCH * wall) return [];
    return [
      {
        kind: 'disk-wait',
        process: `${process.member}.${process.index}`,
        sentence: `\`${process.comm}\` waited for disk for ${duration(seconds)}, ${percent(seconds / wall)} of the run.`,
        figures: { waitedSeconds: seconds, share: seconds / wall },
      },
    ];
  });
  return byProcess.length > 0 ? byProcess : pressureFinding(samples, wall);
}

function pressureFinding({ run }: RunSamples, wall: number): Finding[] {
  const psiIoSeconds = run.measures.psiIoSeconds ?? 0;
  if (psiIoSeconds < MUCH * wall) return [];
  return [
    {
      kind: 'disk-wait',
      sentence: `Something waited for IO in ${percent(psiIoSeconds / wall)} of the run (IO pressure of ${duration(psiIoSeconds)}).`,
      figures: { psiIoSeconds, share: psiIoSeconds / wall },
    },
  ];
}
