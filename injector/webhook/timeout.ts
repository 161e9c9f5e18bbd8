/** The webhook's `?timeout=`: how long the API server waits, written as Go writes a duration (`10s`, `1m30s`, `2.5s`). */

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
const DURATION = /^(?:\d+(?:\.\d+)?(?:h|ms|m|s))+$/;
const PART = /(\d+(?:\.\d+)?)(h|ms|m|s)/g;

/** What Kubernetes waits where nothing is said. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** In ms; what cannot be read counts as not said. */
export function readTimeout(text: unknown): number {
  if (typeof text !== 'string' || !DURATION.test(text)) return DEFAULT_TIMEOUT_MS;
  return [...text.matchAll(PART)].reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (UNIT_MS[unit] ?? 0),
    0,
  );
}
