/** Entries put into and taken out of a map or list that is written within brackets, JSON's too. */
import type { BlockEntry } from './block-edits.ts';
import type { Edit } from './edits.ts';
import { flowPair, flowText } from './rendering.ts';
import type { SourceText } from './source-text.ts';

/** As in addToBlock. `brackets`: where the collection lies. */
export function addToFlow(
  source: SourceText,
  [open]: readonly [number, number],
  entries: readonly BlockEntry[],
  after: number,
  added: object,
  isJson: boolean,
): Edit {
  const start = entries[0]?.start ?? open + 1;
  const isMultiline = source.slice(open, start).includes('\n');
  const indentation = isMultiline ? source.indentation(start) : undefined;
  const form = { isJson, indentation };
  const texts = Array.isArray(added)
    ? added.map((item) => flowText(item, form, source))
    : Object.entries(added).map(([key, value]) => flowPair(key, value, form, source));
  const gap = indentation === undefined ? ', ' : `,${source.lineBreak}${indentation}`;
  const before = entries[after];
  if (before === undefined) return { start, end: start, text: texts.map((text) => text + gap).join('') };
  return { start: before.end, end: before.end, text: texts.map((text) => gap + text).join('') };
}

/** Entries that stand beside each other go together, with the commas between them. */
export function removeFromFlow(
  _source: SourceText,
  entries: readonly BlockEntry[],
  isGone: readonly boolean[],
): Edit[] {
  const edits: Edit[] = [];
  for (let first = 0; first < entries.length; first++) {
    if (isGone[first] !== true) continue;
    let last = first;
    while (isGone[last + 1] === true) last++;
    const start = entries[first - 1]?.end ?? entries[first]?.start ?? 0;
    const end = first === 0 ? (entries[last + 1]?.start ?? entries[last]?.end) : entries[last]?.end;
    edits.push({ start, end: end ?? start, text: '' });
    first = last;
  }
  return edits;
}
