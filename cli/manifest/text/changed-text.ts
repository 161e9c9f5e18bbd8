/**
 * Makes the text of a YAML or JSON document say something else by changing the lines that have to: numbers, quotes,
 * comments and line breaks of all others stay as their author wrote them.
 *
 * The value before and the value after are walked side by side with the nodes of the text. What is added takes the
 * form of its neighbours.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isSeq,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { addToBlock, type BlockEntry, removeFromBlock } from './block-edits.ts';
import type { Edit } from './edits.ts';
import { addToFlow, removeFromFlow } from './flow-edits.ts';
import { blockLines, flowText, indented } from './rendering.ts';
import { contentEnd, isUnwritten, range, type SourceText } from './source-text.ts';

/** The text cannot be changed this way; the message names the reason. */
export class TextNotChangeable extends Error {}

type Fields = Readonly<Record<string, unknown>>;

/** What a value hangs under. */
interface Place {
  readonly isFlow: boolean;
  /** Of the key, or of the list's dash. */
  readonly column: number;
  /** Where the key or the dash ends. */
  readonly after: number;
}

export function changesOf(document: Document, source: SourceText, before: unknown, after: unknown): Edit[] {
  const root = document.contents;
  if (root === null) return [];
  const isJson = source.text[range(root)[0]] === '{';
  return new TextChange(source, isJson).edits(root, before, after);
}

class TextChange {
  readonly #source: SourceText;
  readonly #isJson: boolean;
  readonly #edits: Edit[] = [];

  constructor(source: SourceText, isJson: boolean) {
    this.#source = source;
    this.#isJson = isJson;
  }

  edits(root: Node, before: unknown, after: unknown): Edit[] {
    this.#value(root, before, after, { isFlow: false, column: 0, after: range(root)[0] });
    return this.#edits;
  }

  #value(node: Node, before: unknown, after: unknown, place: Place): void {
    if (before === after || isDeepStrictEqual(before, after)) return;
    if (isAlias(node)) throw new TextNotChangeable(`*${(node as Alias).source} is written elsewhere`);
    if (isMap(node) && isFields(before) && isFields(after) && hasParts(node, after)) {
      this.#map(node, before, after);
    } else if (isSeq(node) && Array.isArray(before) && Array.isArray(after) && hasParts(node, after)) {
      this.#list(node, before, after);
    } else this.#replace(node, after, place);
  }

  #map(node: YAMLMap, before: Fields, after: Fields): void {
    const pairs = node.items.map(({ key, value }) => ({ key: key as Node, value: value as Node | null }));
    const names = pairs.map(({ key }) => String(key));
    const entries = pairs.map(({ key, value }) => ({ start: range(key)[0], end: contentEnd(value ?? key) }));
    let kept = -1;
    for (const [key, value] of Object.entries(after)) {
      const i = names.indexOf(key);
      if (!(key in before)) {
        this.#add(node, entries, kept, { [key]: value });
        continue;
      }
      const pair = pairs[i];
      if (pair?.value) {
        kept = i;
        const [start, end] = range(pair.key);
        const after = this.#source.text.indexOf(':', end) + 1;
        const place = { isFlow: node.flow === true, column: this.#source.column(start), after };
        this.#value(pair.value, before[key], value, place);
      } else if (!isDeepStrictEqual(before[key], value)) {
        throw new TextNotChangeable(`${key} comes from elsewhere (<<)`);
      }
    }
    const isGone = (name: string): boolean => name in before && !(name in after);
    this.#remove(node, entries, names.map(isGone));
  }

  #list(node: YAMLSeq, before: readonly unknown[], after: readonly unknown[]): void {
    const items = node.items as Node[];
    const dashes = node.flow === true ? items.map((item) => range(item)[0]) : dashesOf(node);
    const entries = items.map((item, i) => ({ start: dashes[i] ?? 0, end: contentEnd(item) }));
    const isKept = items.map(() => false);
    let kept = -1;
    for (const value of after) {
      const i = before.findIndex((one, at) => at > kept && isSame(one, value));
      const item = items[i];
      if (item === undefined) {
        this.#add(node, entries, kept, [value]);
        continue;
      }
      kept = i;
      isKept[i] = true;
      const column = this.#source.column(dashes[i] ?? 0);
      const place = { isFlow: node.flow === true, column, after: (dashes[i] ?? 0) + 1 };
      this.#value(item, before[i], value, place);
    }
    const isGone = isKept.map((is) => !is);
    this.#remove(node, entries, isGone);
  }

  /** `after`: the entry that it follows; -1: it becomes the first. */
  #add(node: YAMLMap | YAMLSeq, entries: readonly BlockEntry[], after: number, added: object): void {
    const edit =
      node.flow === true
        ? addToFlow(this.#source, range(node), entries, after, added, this.#isJson)
        : addToBlock(this.#source, entries, after, added);
    this.#edits.push(edit);
  }

  #remove(node: YAMLMap | YAMLSeq, entries: readonly BlockEntry[], isGone: readonly boolean[]): void {
    const remove = node.flow === true ? removeFromFlow : removeFromBlock;
    this.#edits.push(...remove(this.#source, entries, isGone));
  }

  #replace(node: Node, after: unknown, place: Place): void {
    const [start, end] = range(node);
    const isCollection = typeof after === 'object' && after !== null && Object.keys(after).length > 0;
    const wasEmpty =
      isUnwritten(node) || this.#source.slice(start, end).replaceAll(/[\s[\]{}~]|null/g, '') === '';
    if (isCollection && wasEmpty && !place.isFlow && !this.#isJson) this.#asBlock(node, after, place);
    else {
      const isMultiline = this.#source.text.includes('\n');
      const indentation = isMultiline ? this.#source.indentation(start) : undefined;
      const text = flowText(after, { isJson: this.#isJson, indentation }, this.#source);
      const isBlockScalar = this.#source.text[end - 1] === '\n';
      this.#edits.push({
        start,
        end: isBlockScalar ? this.#source.lineEnd(end) : end,
        text: isUnwritten(node) ? ` ${text}` : text,
      });
    }
  }

  /** Under the key, in place of nothing, `null`, `{}` or `[]`. */
  #asBlock(node: Node, after: object, place: Place): void {
    const [, end] = range(node);
    const isList = Array.isArray(after);
    const column = place.column + (isList && !this.#source.indentsLists ? 0 : this.#source.step);
    const lines = indented(blockLines(after, this.#source), column);
    if (!isUnwritten(node)) this.#edits.push({ start: place.after, end, text: '' });
    const lineEnd = this.#source.lineEnd(end);
    const text = ['', ...lines].join(this.#source.lineBreak);
    this.#edits.push({ start: lineEnd, end: lineEnd, text });
  }
}

function hasParts(node: YAMLMap | YAMLSeq, after: object): boolean {
  const isJsonLike = node.flow === true;
  return node.items.length > 0 && (isJsonLike || Object.keys(after).length > 0);
}

function dashesOf(node: YAMLSeq): number[] {
  const token = node.srcToken;
  if (token?.type !== 'block-seq') return [];
  return token.items.map(({ start }) => start.find(({ type }) => type === 'seq-item-ind')?.offset ?? 0);
}

/** Whether two items of a list are the same one, be it changed: by their name where they have one. */
function isSame(a: unknown, b: unknown): boolean {
  if (isFields(a) && isFields(b) && typeof a.name === 'string') return a.name === b.name;
  return isDeepStrictEqual(a, b);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
