/** Figures as sentences hold them: the page's formats with characters that every terminal and every `awk` takes. */
import * as page from '../page/format.ts';

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

/** To two digits, as far as they tell: `0.032`, `0.0079`, `< 0.0001`. */
export function pValue(p: number): string {
  return p < 0.0001 ? '< 0.0001' : String(Number(p.toPrecision(2)));
}

/** A share in whole percent, with a digit below 10: `3.4 %`, `12 %`. */
export function percent(share: number): string {
  const value = share * 100;
  return `${Math.abs(value) < 9.95 ? Number(value.toFixed(1)) : Math.round(value)} %`;
}

/** A level of confidence: `95 %`, `99.2 %`, `99.97 %`. */
export function certainty(confidence: number): string {
  return `${Number((100 * confidence).toFixed(confidence > 0.999 ? 2 : 1))} %`;
}

/** A change as a share: `+12 %`, `-3.4 %`, `×4.2` beyond a tripling. What cannot be negative falls by no more than all. */
export function signedShare(share: number): string {
  if (share >= 2) return `×${count(1 + share)}`;
  return share > 0 ? `+${percent(share)}` : percent(Math.max(-1, share));
}

/** `a, b and c` */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** `2nd` */
export function ordinal(place: number): string {
  const ending = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' };
  return `${place}${ending[new Intl.PluralRules('en', { type: 'ordinal' }).select(place)]}`;
}
