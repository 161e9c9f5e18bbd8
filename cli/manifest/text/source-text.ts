/** A YAML or JSON text by its places: lines, columns, and how its author lays things out. Offsets count UTF-16 units. */
import { isMap, isScalar, isSeq, type Node } from 'yaml';

const USUAL_STEP = 2;
const LARGEST_STEP = 8;

export class SourceText {
  readonly text: string;
  readonly lineBreak: '\n' | '\r\n';
  /** By how many places a map stands further right than its key. */
  readonly step: number;
  /** Whether a list stands further right than its key. */
  readonly indentsLists: boolean;

  constructor(text: string) {
    this.text = text;
    this.lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
    const first = /^( +)[^\s#-]/m.exec(text)?.[1]?.length ?? USUAL_STEP;
    this.step = first > LARGEST_STEP ? USUAL_STEP : first;
    this.indentsLists = indentsLists(text);
  }

  slice(start: number, end: number): string {
    return this.text.slice(start, end);
  }

  lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  /** Before the line break. The end of a block scalar lies after its own, and counts for the line before. */
  lineEnd(offset: number): number {
    const found = this.text[offset - 1] === '\n' ? offset - 1 : this.text.indexOf('\n', offset);
    const end = found < 0 ? this.text.length : found;
    return this.text[end - 1] === '\r' ? end - 1 : end;
  }

  /** After the line break. */
  nextLine(offset: number): number {
    const end = this.lineEnd(offset);
    return end === this.text.length ? end : end + this.lineBreak.length;
  }

  column(offset: number): number {
    return offset - this.lineStart(offset);
  }

  indentation(offset: number): string {
    return /^ */.exec(this.text.slice(this.lineStart(offset), offset))?.[0] ?? '';
  }

  isFirstOnLine(offset: number): boolean {
    return this.text.slice(this.lineStart(offset), offset).trim() === '';
  }

  /** The start of the comment lines that stand right above, else of the line itself. */
  withCommentsAbove(offset: number): number {
    let start = this.lineStart(offset);
    while (start > 0) {
      const above = this.lineStart(start - 1);
      if (!this.text.slice(above, start).trimStart().startsWith('#')) break;
      start = above;
    }
    return start;
  }
}

/** Where what a node says ends: before the comments and blank lines that the parser counts to it. */
export function contentEnd(node: Node): number {
  const inner = lastPart(node);
  return inner === undefined ? range(node)[1] : contentEnd(inner);
}

function lastPart(node: Node): Node | undefined {
  if (isSeq(node) && node.flow !== true) return node.items.at(-1) as Node | undefined;
  if (!isMap(node) || node.flow === true) return undefined;
  const pair = node.items.at(-1);
  return ((pair?.value ?? pair?.key) as Node | undefined) ?? undefined;
}

export function range(node: Node): readonly [number, number] {
  if (!node.range) throw new Error('a node without a place in its text');
  return [node.range[0], node.range[1]];
}

/** A value of which nothing is written: `labels:`. */
export function isUnwritten(node: Node): boolean {
  return isScalar(node) && range(node)[0] === range(node)[1];
}

function indentsLists(text: string): boolean {
  const first = /^( *)(?:- )?([\w.-]+):[ \t]*(?:#.*)?\r?\n( *)- /m.exec(text);
  return first === null || (first[3]?.length ?? 0) > (first[1]?.length ?? 0);
}
