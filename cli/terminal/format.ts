/**
 * Numbers as a terminal shows them: the page's formats, with characters that every terminal and every `awk` takes (a
 * plain space before the unit, an ASCII minus).
 */
import * as page from '../../aggregator/page/format.ts';

type Format = (value: number) => string;

const plain = (text: string): string => text.replaceAll('\u00a0', ' ').replaceAll('−', '-');
const plainly =
  (format: Format): Format =>
  (value) =>
    plain(format(value));

/** 1.5 MiB */
export const bytes = plainly(page.bytes);
/** Seconds: 340 ms, 1.24 s, 2 min 03 s */
export const duration = plainly(page.duration);
/** 3.82 */
export const cores = plainly(page.cores);
/** 12,345 */
export const count = plainly(page.count);
/** A ratio as what it changes: +12.3 %, ×4.2 beyond a doubling */
export const change = plainly(page.change);

/** A measure or column in its unit (`s`, `By` or `1`). */
export function inUnit(unit: string): Format {
  return plainly(page.inUnit(unit));
}

/** A difference with its sign. */
export function signed(value: number, format: Format): string {
  return plain(page.signed(value, format));
}

/** A hyphen where there is no value. */
export function shown(value: number | undefined, format: Format): string {
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
