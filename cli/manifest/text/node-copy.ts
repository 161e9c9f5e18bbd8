/** The text of a node, for another place in the same document. */
import { isMap, isSeq, type Node } from 'yaml';
import { type Edit, edited, within } from './edits.ts';
import { contentEnd, range, type SourceText } from './source-text.ts';

export interface NodeCopy {
  readonly text: string;
  /** At which its lines stand. */
  readonly column: number;
}

/** With the edits of the node made in it. Undefined where they cannot be made within. */
export function copyOf(source: SourceText, node: Node, edits: readonly Edit[]): NodeCopy | undefined {
  const [start] = range(node);
  const end = isBlock(node) ? source.lineEnd(contentEnd(node)) : contentEnd(node);
  const text = edited(source.slice(start, end), within(edits, start, end));
  return text === undefined ? undefined : { text, column: source.column(start) };
}

/** The first line stays where it is put; the others stand under it as they did. */
export function moved({ text, column }: NodeCopy, to: number, lineBreak: string): string {
  const [first = '', ...others] = text.split(lineBreak);
  const lines = others.map((line) => {
    if (line.trim() === '') return line;
    return to >= column
      ? ' '.repeat(to - column) + line
      : line.replace(new RegExp(`^ {0,${column - to}}`), '');
  });
  return [first, ...lines].join(lineBreak);
}

/** Whether it is written line by line. */
export function isBlock(node: Node): boolean {
  return (isMap(node) || isSeq(node)) && node.flow !== true;
}
