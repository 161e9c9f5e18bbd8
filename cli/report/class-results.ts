/** The results of one StorageClass, or of several side by side. */
import type { ShownResult } from '../../protocol/metric-set.ts';
import type { Output } from '../command.ts';
import { painter } from '../terminal/colour.ts';
import { inUnit } from '../terminal/format.ts';
import { type Cell, renderTable } from '../terminal/table.ts';
import { printable } from '../terminal/width.ts';

export interface MeasuredClass {
  readonly storageClass: string;
  /** Id of the last run; absent where none is told. */
  readonly run?: string;
  /** How many runs the results are the medians of. */
  readonly runs: number;
  readonly results: readonly ShownResult[];
  /** Why it was not measured to the end. */
  readonly failure?: string;
}

export interface ClassesAsked {
  readonly namespace: string;
  /** How many runs each. */
  readonly runs: number;
}

interface Row {
  readonly name: string;
  /** In the order of the classes. */
  readonly values: readonly (ShownResult | undefined)[];
}

export function classResults(
  measured: readonly MeasuredClass[],
  { namespace, runs }: ClassesAsked,
  output: Output,
): string {
  const table = renderTable(
    rowsOf(measured),
    [
      { title: runs > 1 ? `MEDIAN OF ${runs} RUNS` : 'RESULT', cell: ({ name }) => name, leastWidth: 20 },
      ...measured.map(({ storageClass, failure }, i) => ({
        title: storageClass,
        cell: ({ values }: Row) => valueCell(values[i], values, failure),
        align: 'right' as const,
        dropRank: 1 + i,
      })),
    ],
    { width: output.columns, paint: painter(output.colour) },
  );
  const hints = measured.flatMap((one) => hintsOf(one, namespace, runs));
  return `${table}\n${hints.map((hint) => `${printable(hint)}\n`).join('')}`;
}

function hintsOf(
  { storageClass, run, runs: seen, failure }: MeasuredClass,
  namespace: string,
  runs: number,
): string[] {
  return [
    ...(failure === undefined ? [] : [`${storageClass}: failed: ${failure}`]),
    ...(seen > 0 && seen < runs ? [`${storageClass}: results of ${seen} of ${runs} runs`] : []),
    ...(run === undefined ? [] : [`${storageClass}: podometer show ${run} -n ${namespace}`]),
  ];
}

function rowsOf(measured: readonly MeasuredClass[]): Row[] {
  const names = new Set(measured.flatMap(({ results }) => results.map(({ name }) => name)));
  return [...names].map((name) => ({
    name,
    values: measured.map(({ results }) => results.find((result) => result.name === name)),
  }));
}

/** The best of several is marked. */
function valueCell(
  result: ShownResult | undefined,
  all: readonly (ShownResult | undefined)[],
  failure: string | undefined,
): Cell {
  if (result === undefined) return failure === undefined ? { text: '-' } : { text: 'failed', meaning: 'bad' };
  const text = inUnit(result.unit)(result.value);
  const values = all.flatMap((one) => (one === undefined ? [] : [one.value]));
  const best =
    result.better === 'higher'
      ? Math.max(...values)
      : result.better === 'lower'
        ? Math.min(...values)
        : Number.NaN;
  return values.length > 1 && result.value === best ? { text, meaning: 'good' } : { text };
}
