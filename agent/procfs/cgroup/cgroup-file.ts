/** One file of a cgroup folder: which columns it answers, and how. */
import type { ColumnName } from '../../../protocol/metrics.ts';
import { ascii, integerAt, keyedIntegers } from '../bytes.ts';

export interface CgroupFile {
  readonly name: string;
  readonly columns: readonly ColumnName[];
  /** One number per column, NaN where the file does not say it. */
  parse(bytes: Buffer, into: Float64Array): void;
}

/** v1 writes "no limit" as the largest multiple of the page size below 2^63; it is no limit that anyone set. */
const NO_LIMIT = 2 ** 53;

/** A file that holds one number, or `max` for none. */
export function single(name: string, column: ColumnName, scale = 1): CgroupFile {
  return {
    name,
    columns: [column],
    parse: (bytes, into) => {
      const value = integerAt(bytes, 0);
      into[0] = value < NO_LIMIT ? Math.round(value * scale) : Number.NaN;
    },
  };
}

/** A file of `key value` lines; `keys` in the order of the columns, first choice first where there are two. */
export function keyed(
  name: string,
  fields: readonly (readonly [column: ColumnName, key: string, scale?: number])[],
): CgroupFile {
  const keys = fields.map(([, key]) => ascii(`${key} `));
  return {
    name,
    columns: fields.map(([column]) => column),
    parse: (bytes, into) => {
      keyedIntegers(bytes, keys, into);
      fields.forEach(([, , scale], i) => {
        if (scale !== undefined) into[i] = Math.round((into[i] as number) * scale);
      });
    },
  };
}

/** A memory.stat whose fault counts (the last two fields: all, major) become minor and major ones. */
export function faultsApart(file: CgroupFile): CgroupFile {
  const all = file.columns.length - 2;
  return {
    ...file,
    parse: (bytes, into) => {
      file.parse(bytes, into);
      into[all] = (into[all] as number) - (into[all + 1] as number);
    },
  };
}
