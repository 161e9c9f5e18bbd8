/** Sizes and times as tools are given them (protocol/storage-options.ts). */

const BYTES_IN: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const SECONDS_IN: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** `4k`, `1g`, `512`: bytes, in powers of 1024. NaN for anything else. */
export function sizeBytes(text: string): number {
  const [, number, unit] = /^(\d+)([kmgt]?)$/.exec(text.toLowerCase()) ?? [];
  return number === undefined ? Number.NaN : Number(number) * (BYTES_IN[unit ?? ''] ?? 1);
}

/** As fio reads it: `mb` and `mi` are powers of 1024, and `mib`, of all units, is one of 1000. NaN for anything else. */
export function fioBytes(text: string): number {
  const [, number, letter = '', rest = ''] = /^(\d+)([kmgtp]?)(b|ib?)?$/.exec(text.toLowerCase()) ?? [];
  if (number === undefined || (letter === '' && rest !== '')) return Number.NaN;
  const power = ' kmgtp'.indexOf(letter || ' ');
  return Number(number) * (rest === 'ib' ? 1000 : 1024) ** power;
}

/** For people: `77.8 GiB`. */
export function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** power;
  return `${Number(value.toFixed(value < 10 ? 2 : 1))} ${UNITS[power]}`;
}

/** `30s`, `2m`, `1h`: seconds. */
export function timeSeconds(text: string): number {
  return Number(text.slice(0, -1)) * (SECONDS_IN[text.slice(-1)] ?? Number.NaN);
}
