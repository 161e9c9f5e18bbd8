/** What the client library reads as a Date in a list it leaves as text in a watch. To the second, as the API server tells. */
export type ApiMoment = Date | string | null | undefined;

/** ISO 8601 in UTC with milliseconds; undefined where there is none. */
export function moment(time: ApiMoment): string | undefined {
  const ms = time === null || time === undefined ? Number.NaN : new Date(time).getTime();
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** The latest; undefined where there is none. */
export function latest(moments: readonly (string | undefined)[]): string | undefined {
  return moments
    .filter((one) => one !== undefined)
    .toSorted()
    .at(-1);
}
