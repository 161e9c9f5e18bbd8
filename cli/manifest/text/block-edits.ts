/** Entries put into and taken out of a map or list that is written line by line. */
import type { Edit } from './edits.ts';
import { blockLines, indented } from './rendering.ts';
import type { SourceText } from './source-text.ts';

/** A pair of a map or an item of a list: from its key or dash to the end of what it says. */
export interface BlockEntry {
  readonly start: number;
  readonly end: number;
}

/** `after`: the entry that it follows; -1: it becomes the first. `added`: a map or list of what is new. */
export function addToBlock(
  source: SourceText,
  entries: readonly BlockEntry[],
  after: number,
  added: object,
): Edit {
  const [first] = entries;
  const column = first === undefined ? 0 : source.column(first.start);
  const lines = indented(blockLines(added, source), column);
  const before = entries[after];
  if (before !== undefined) {
    const at = source.lineEnd(before.end);
    return { start: at, end: at, text: ['', ...lines].join(source.lineBreak) };
  }
  const start = first?.start ?? 0;
  if (source.isFirstOnLine(start)) {
    const at = source.withCommentsAbove(start);
    return { start: at, end: at, text: [...lines, ''].join(source.lineBreak) };
  }
  // It stands behind a dash: the new one takes its place there, and it goes to a line of its own.
  const text = [...lines, ' '.repeat(column)].join(source.lineBreak).slice(column);
  return { start, end: start, text };
}

export function removeFromBlock(
  source: SourceText,
  entries: readonly BlockEntry[],
  isGone: readonly boolean[],
): Edit[] {
  return entries.flatMap(({ start, end }, i) => {
    if (isGone[i] !== true) return [];
    if (!source.isFirstOnLine(start)) return [{ start, end: entries[i + 1]?.start ?? end, text: '' }];
    const next = source.nextLine(end);
    const from = source.lineStart(start);
    const isLastOfText = source.lineEnd(end) === source.text.length && from > 0;
    const lineBreak = isLastOfText ? source.lineBreak.length : 0;
    return [{ start: from - lineBreak, end: next, text: '' }];
  });
}
