/** One file of a cgroup folder: which columns it answers, and how. */
import type { ColumnName } from '../../../protocol/metrics.ts';
import { ascii, integerAt, keyedIntegers, thousandsAt } from '../bytes.ts';
import { type Refuse, reportTooLarge } from '../too-large.ts';

export interface CgroupFile {
  readonly name: string;
  readonly columns: readonly ColumnName[];
  /** One number per column, NaN where the file does not say it. `refuse` is told of values that are too large. */
  parse(bytes: Buffer, into: Float64Array, refuse?: Refuse): void;
}

/** A file that holds one number. */
export function single(name: string, column: ColumnName): CgroupFile {
  return {
    name,
    columns: [column],
    parse: (bytes, into, refuse) => {
      const value = integerAt(bytes, 0);
      into[0] = value;
      if (refuse !== undefined && Number.isNaN(value)) reportTooLarge(bytes, 0, name, refuse);
    },
  };
}

/**
 * A file that holds one number, or none: `max`, and in v1 the largest multiple of the page size below 2^63, which is a
 * limit that nobody set and nothing to be told of.
 */
export function limit(name: string, column: ColumnName): CgroupFile {
  const { columns, parse } = single(name, column);
  return { name, columns, parse: (bytes, into) => parse(bytes, into) };
}

/** A file that holds one number of nanoseconds, for a column of microseconds. */
export function nanoseconds(name: string, column: ColumnName): CgroupFile {
  return {
    name,
    columns: [column],
    parse: (bytes, into) => {
      into[0] = thousandsAt(bytes, 0);
    },
  };
}

/** A file of `key value` lines. */
export function keyed(
  name: string,
  fields: readonly (readonly [column: ColumnName, key: string])[],
): CgroupFile {
  const keys = fields.map(([, key]) => ascii(`${key} `));
  return {
    name,
    columns: fields.map(([column]) => column),
    parse: (bytes, into, refuse) => keyedIntegers(bytes, keys, into, refuse),
  };
}

/** A memory.stat whose fault counts (the last two fields: all, major) become minor and major ones. */
export function faultsApart(file: CgroupFile): CgroupFile {
  const all = file.columns.length - 2;
  return {
    ...file,
    parse: (bytes, into, refuse) => {
      file.parse(bytes, into, refuse);
      into[all] = (into[all] as number) - (into[all + 1] as number);
    },
  };
}
