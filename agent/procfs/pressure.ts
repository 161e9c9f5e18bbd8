/**
 * Pressure stall information: `some avg10=… avg60=… avg300=… total=µs`, then `full …` (not for cpu on older kernels).
 * /proc/pressure/* for the host, *.pressure in a cgroup v2 folder.
 */
import { integerAt } from './bytes.ts';

const TOTAL = 'total=';
const TEN_SECONDS = 'avg10=';
const HUNDREDTHS_DIGITS = 2;

/** `[some, full]` totals in µs; NaN where a line is missing. */
export function parsePressure(bytes: Buffer, into: Float64Array): void {
  into[0] = integerAt(bytes, offsetOf(bytes, 'some', TOTAL));
  into[1] = integerAt(bytes, offsetOf(bytes, 'full', TOTAL));
}

/** `[some, full]` shares of the last ten seconds in percent, to 0.01; NaN where a line is missing. */
export function parsePressureAverages(bytes: Buffer, into: Float64Array): void {
  into[0] = percentAt(bytes, offsetOf(bytes, 'some', TEN_SECONDS));
  into[1] = percentAt(bytes, offsetOf(bytes, 'full', TEN_SECONDS));
}

/** Where the value of `key` in this line begins; the length of `bytes` where there is none. */
function offsetOf(bytes: Buffer, line: string, key: string): number {
  const start = bytes.indexOf(line);
  const found = start === -1 ? -1 : bytes.indexOf(key, start);
  return found === -1 ? bytes.length : found + key.length;
}

function percentAt(bytes: Buffer, offset: number): number {
  const point = bytes.indexOf('.', offset);
  const hundredths = integerAt(bytes, point + 1, point + 1 + HUNDREDTHS_DIGITS);
  return integerAt(bytes, offset, point) + hundredths / 100;
}
