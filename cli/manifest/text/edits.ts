/** Changes of a text, told by the offsets of the text as it was. */

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Of two edits at one place the earlier one in the list comes first. Undefined where they overlap. */
export function edited(text: string, edits: readonly Edit[]): string | undefined {
  let out = '';
  let done = 0;
  for (const { start, end, text: put } of edits.toSorted((a, b) => a.start - b.start)) {
    if (start < done) return undefined;
    out += text.slice(done, start) + put;
    done = end;
  }
  return out + text.slice(done);
}

/** The edits of a part of the text, by the offsets of the part. */
export function within(edits: readonly Edit[], from: number, to: number): Edit[] {
  return edits
    .filter(({ start, end }) => start >= from && end <= to)
    .map(({ start, end, text }) => ({ start: start - from, end: end - from, text }));
}
