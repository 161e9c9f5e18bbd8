/** Numbers as a terminal shows them. */
export { bytes, change, cores, count, duration, inUnit, signed } from '../../aggregator/query/wording.ts';

/** A hyphen where there is no value. */
export function shown(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '-' : format(value);
}

/** `just now`, `3 min ago`, `5 d ago`. */
export function ago(thenMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - thenMs) / 1000));
  if (seconds < 10) return 'just now';
  const [unit, size] = AGO_UNITS.find(([, size]) => seconds >= size) ?? AGO_SECONDS;
  return `${Math.floor(seconds / size)} ${unit} ago`;
}

const AGO_SECONDS = ['s', 1] as const;
const AGO_UNITS = [['d', 86_400], ['h', 3600], ['min', 60], AGO_SECONDS] as const;
