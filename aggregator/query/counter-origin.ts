/** The counters of a process from the moment when they were zero. */
import type { Samples } from './downsample.ts';

/**
 * With a first sample of zero at `originMs`, where that lies before what was read: a counter of a process that began
 * within the run was zero then. Undefined: that moment is not known, or not of this stretch.
 */
export function sinceOrigin(samples: Samples, originMs: number | undefined): Samples {
  const first = samples.times[0];
  if (originMs === undefined || first === undefined || originMs >= first) return samples;
  const { times, values, spread } = samples;
  return {
    times: withFirst(originMs, times),
    values: withFirst(0, values),
    ...(spread && {
      spread: { low: withFirst(Number.NaN, spread.low), high: withFirst(Number.NaN, spread.high) },
    }),
  };
}

function withFirst(value: number, rest: Float64Array): Float64Array {
  const whole = new Float64Array(rest.length + 1);
  whole[0] = value;
  whole.set(rest, 1);
  return whole;
}
