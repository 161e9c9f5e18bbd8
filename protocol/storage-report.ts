/**
 * What the pod of a storage metric leaves behind as its termination message, so that the controller can tell of it
 * without reading logs or asking the aggregator. It comes from a pod, which anybody may have made: it is checked.
 */
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { RunResult } from './results.ts';

/** The kubelet cuts a message at 4096 bytes. */
export const LONGEST_REPORT_BYTES = 4096;

export const StorageReport = Type.Object({
  results: Type.Optional(Type.Array(RunResult, { maxItems: 64 })),
  /** A sentence that says what went wrong, and one that says what helps. */
  failure: Type.Optional(Type.String({ maxLength: LONGEST_REPORT_BYTES })),
});
export type StorageReport = Static<typeof StorageReport>;

/** The figures that people look at first: rates, and what requests take on average and in the slowest hundredth. */
const HEADLINE = /\.(mean|p99)$/;

/** As JSON, with as many of the headline results as there is room for. */
export function storageReportText(results: readonly RunResult[]): string {
  const isRate = ({ unit }: RunResult): boolean => unit === '1/s' || unit === 'By/s';
  const headlines = [
    ...results.filter(isRate),
    ...results.filter((result) => !isRate(result) && HEADLINE.test(result.name)),
  ];
  const fits = (count: number): boolean => textOf(headlines.slice(0, count)).length <= LONGEST_REPORT_BYTES;
  let count = headlines.length;
  while (!fits(count)) count--;
  return textOf(headlines.slice(0, count));
}

/** Undefined where the text is no report. */
export function parseStorageReport(text: string | undefined): StorageReport | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return Value.Check(StorageReport, value) ? value : undefined;
}

function textOf(results: readonly RunResult[]): string {
  return JSON.stringify({ results: [...results] } satisfies StorageReport);
}
