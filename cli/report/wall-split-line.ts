import { wallParts } from '../../aggregator/query/wall-parts.ts';
import type { WallSplit } from '../../protocol/wall-split.ts';
import { duration } from '../terminal/format.ts';
import type { LabelledLine } from './labelled-lines.ts';

/** `4.5 s on a CPU, 0.3 s other waits (not measured: for storage)`; nothing where CPU time was not measured. */
export function wallSplitLines(split: WallSplit): LabelledLine[] {
  const parts = wallParts(split).map(({ label, seconds }) => `${duration(seconds)} ${label}`);
  if (parts.length === 0) return [];
  const unknown = [
    split.runnableSeconds === undefined && 'waiting for a CPU',
    split.diskSeconds === undefined && 'waiting for storage',
  ].filter((one) => one !== false);
  const note = unknown.length === 0 ? '' : ` (not measured: ${unknown.join(', ')})`;
  return [{ label: 'of it', text: `${parts.join(', ')}${note}` }];
}
