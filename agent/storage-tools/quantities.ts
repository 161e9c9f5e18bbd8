/** Sizes and times as tools are given them (protocol/storage-options.ts). */

const BYTES_IN: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
const SECONDS_IN: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `4k`, `1g`, `512`: bytes, in powers of 1024. NaN for anything else. */
export function sizeBytes(text: string): number {
  const [, number, unit] = /^(\d+)([kmgt]?)$/.exec(text.toLowerCase()) ?? [];
  return number === undefined ? Number.NaN : Number(number) * (BYTES_IN[unit ?? ''] ?? 1);
}

/** `30s`, `2m`, `1h`: seconds. */
export function timeSeconds(text: string): number {
  return Number(text.slice(0, -1)) * (SECONDS_IN[text.slice(-1)] ?? Number.NaN);
}
