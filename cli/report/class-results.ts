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
  readonly results: readonly ShownResult[];
}

interface Row {
  readonly name: string;
  /** In the order of the classes. */
  readonly values: readonly (ShownResult | undefined)[];
}

export function classResults(measured: readonly MeasuredClass[], namespace: string, output: Output): string {
  const table = renderTable(
    rowsOf(measured),
    [
      { title: 'RESULT', cell: ({ name }) => name, leastWidth: 20 },
      ...measured.map(({ storageClass }, i) => ({
        title: storageClass,
        cell: ({ values }: Row) => valueCell(values[i], values),
        align: 'right' as const,
        dropRank: 1 + i,
      })),
    ],
    { width: output.columns, paint: painter(output.colour) },
  );
  const hints = measured.flatMap(({ storageClass, run }) =>
    run === undefined ? [] : [`${storageClass}: podometer show ${run} -n ${namespace}\n`],
  );
  return `${table}\n${hints.map(printableLine).join('')}`;
}

function rowsOf(measured: readonly MeasuredClass[]): Row[] {
  const names = new Set(measured.flatMap(({ results }) => results.map(({ name }) => name)));
  return [...names].map((name) => ({
    name,
    values: measured.map(({ results }) => results.find((result) => result.name === name)),
  }));
}

/** The best of several is marked. */
function valueCell(result: ShownResult | undefined, all: readonly (ShownResult | undefined)[]): Cell {
  if (result === undefined) return { text: '-' };
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

function printableLine(line: string): string {
  return `${printable(line.trimEnd())}\n`;
}
