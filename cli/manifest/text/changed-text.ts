/**
 * Makes the text of a YAML or JSON document say something else by changing the lines that have to: numbers, quotes,
 * comments and line breaks of all others stay as their author wrote them.
 *
 * The value before and the value after are walked side by side with the nodes of the text. What is added takes the
 * form of its neighbours. What an alias stands for is written out where it changes at one of its places alone.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isSeq,
  type Node,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { addToBlock, type BlockEntry, removeFromBlock } from './block-edits.ts';
import type { Edit } from './edits.ts';
import { addToFlow, removeFromFlow } from './flow-edits.ts';
import { copyOf, isBlock, moved } from './node-copy.ts';
import { blockLines, flowText, indented } from './rendering.ts';
import { type Fields, haveSameNames, isFields, isSame } from './same.ts';
import { contentEnd, isUnwritten, range, type SourceText } from './source-text.ts';

/** The text cannot be changed this way; the message names the reason. */
export class TextNotChangeable extends Error {}

/** What a value hangs under. */
interface Place {
  readonly isFlow: boolean;
  readonly isItem: boolean;
  /** Of the key, or of the list's dash. */
  readonly column: number;
  /** Where the key or the dash ends. */
  readonly after: number;
}

export function changesOf(document: Document, source: SourceText, before: unknown, after: unknown): Edit[] {
  const root = document.contents;
  if (root === null) return [];
  const isJson = source.text[range(root)[0]] === '{';
  return new TextChange(document, source, isJson).edits(root, before, after);
}

class TextChange {
  readonly #source: SourceText;
  readonly #isJson: boolean;
  readonly #document: Document;
  readonly #edits: Edit[] = [];
  /** Nodes with an anchor that say something else now. */
  readonly #changed = new Set<Node>();
  readonly #writtenOut = new Set<Alias>();

  constructor(document: Document, source: SourceText, isJson: boolean) {
    this.#document = document;
    this.#source = source;
    this.#isJson = isJson;
  }

  edits(root: Node, before: unknown, after: unknown): Edit[] {
    this.#value(root, before, after, { isFlow: false, isItem: false, column: 0, after: range(root)[0] });
    this.#keepOthers();
    return this.#edits;
  }

  /** What stays as it was but is an alias of what does not is written out as it was. */
  #keepOthers(): void {
    visit(this.#document, {
      Alias: (_, alias, path) => {
        const target = alias.resolve(this.#document);
        if (target === undefined || !this.#changed.has(target) || this.#writtenOut.has(alias)) return;
        this.#writeOut(alias, target, [], this.#placeOf(alias, path));
      },
    });
  }

  #placeOf(alias: Alias, path: readonly unknown[]): Place {
    const parent = path.at(-1);
    const map = path.at(-2);
    if (isPair(parent) && isMap(map)) return this.#placeUnder(map, parent.key as Node);
    return this.#placeAt(isSeq(parent) && parent.flow === true, range(alias)[0]);
  }

  #placeUnder(map: YAMLMap, key: Node): Place {
    const [start, end] = range(key);
    const after = this.#source.text.indexOf(':', end) + 1;
    return { isFlow: map.flow === true, isItem: false, column: this.#source.column(start), after };
  }

  /** Of an item of a list. */
  #placeAt(isFlow: boolean, start: number): Place {
    return { isFlow, isItem: true, column: this.#source.column(start), after: start };
  }

  #value(node: Node, before: unknown, after: unknown, place: Place): void {
    if (before === after || isDeepStrictEqual(before, after)) return;
    if (isAlias(node)) {
      this.#alias(node, before, after, place);
      return;
    }
    if ('anchor' in node && node.anchor !== undefined) this.#changed.add(node);
    if (isMap(node) && isFields(before) && isFields(after) && hasParts(node, after)) {
      this.#map(node, before, after);
    } else if (isSeq(node) && Array.isArray(before) && Array.isArray(after) && hasParts(node, after)) {
      this.#list(node, before, after);
    } else this.#replace(node, after, place);
  }

  #alias(alias: Alias, before: unknown, after: unknown, place: Place): void {
    const target = alias.resolve(this.#document);
    if (target === undefined) throw new TextNotChangeable(`*${alias.source} is nowhere defined`);
    const copy = new TextChange(this.#document, this.#source, this.#isJson);
    copy.#value(target, before, after, place);
    this.#writeOut(alias, target, copy.#edits, place);
  }

  #writeOut(alias: Alias, target: Node, edits: readonly Edit[], place: Place): void {
    this.#writtenOut.add(alias);
    const copy = copyOf(this.#source, target, edits);
    if (copy === undefined) throw new TextNotChangeable(`*${alias.source} cannot be written out`);
    const [start, end] = range(alias);
    if (!isBlock(target)) {
      this.#edits.push({ start, end, text: copy.text });
      return;
    }
    if (place.isFlow) throw new TextNotChangeable(`*${alias.source} stands within brackets`);
    const column = place.isItem ? this.#source.column(start) : place.column + this.#source.step;
    const text = moved(copy, column, this.#source.lineBreak);
    this.#edits.push(
      place.isItem
        ? { start, end, text }
        : { start: place.after, end, text: `${this.#source.lineBreak}${' '.repeat(column)}${text}` },
    );
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
        this.#value(pair.value, before[key], value, this.#placeUnder(node, pair.key));
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
    const isInPlace = haveSameNames(before, after);
    for (const [at, value] of after.entries()) {
      const i = isInPlace ? at : before.findIndex((one, place) => place > kept && isSame(one, value));
      const item = items[i];
      if (item === undefined) {
        this.#add(node, entries, kept, [value]);
        continue;
      }
      kept = i;
      isKept[i] = true;
      this.#value(item, before[i], value, this.#placeAt(node.flow === true, dashes[i] ?? 0));
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

function dashesOf(node: YAMLSeq): number[] {
  const token = node.srcToken;
  if (token?.type !== 'block-seq') return [];
  return token.items.map(({ start }) => start.find(({ type }) => type === 'seq-item-ind')?.offset ?? 0);
}

function hasParts(node: YAMLMap | YAMLSeq, after: object): boolean {
  const isJsonLike = node.flow === true;
  return node.items.length > 0 && (isJsonLike || Object.keys(after).length > 0);
}
