import type { ImportKind } from './file-kind.ts';

/** What became of one file or folder that was given. */
export interface Imported {
  readonly path: string;
  readonly kind: ImportKind;
  /** Batches, else runs, that were not in the history yet. */
  readonly added: number;
  readonly repeated: number;
  /** Why, for each of them that is damaged or does not fit what is in the history. */
  readonly refused: readonly string[];
  /** From where on the file could not be read. */
  readonly unreadable?: { readonly offset: number; readonly detail: string };
  /** What was left out of it, in sentences; absent where nothing was. */
  readonly leftOut?: readonly string[];
  /** Ids of the runs of it that are in the history now. */
  readonly runs: readonly string[];
}
