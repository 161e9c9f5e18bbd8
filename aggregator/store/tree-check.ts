/**
 * Checks the pages of LMDB's trees, from the roots down.
 *
 *     page      number u64, 10 bytes, flags u16, the length of its list of nodes u16, the begin of its nodes u16, then for
 *               each node its place u16. Places and the begin are counted from the end of the header of 24 bytes
 *     node      4 bytes, flags u16, the length of its key u16, the key. In a branch, the first 6 bytes are the number of a
 *               page. In a leaf, the first 4 bytes are the length of the data, which follow the key: the value, or a tree,
 *               or, where the value has pages of its own, the first of them u64, 8 bytes, how many u64
 *     overflow  the first of the pages of one value: a header like any page's, with its count of pages u32 for the last 4
 *               bytes
 */
import { readSync } from 'node:fs';

const HEADER_BYTES = 24;
const NODE_BYTES = 8;
const BRANCH = 1;
const LEAF = 2;
const OVERFLOW = 4;
/** The bits above tell what LMDB meant to do with the page in memory. */
const KIND_BITS = 0xfff;
const VALUE = 0;
const LONG_VALUE = 1;
const LONG_VALUE_BYTES = 24;
const SUBTREE = 2;
const SUBTREE_BYTES = 48;
/** The root of an empty tree: 2^64 − 1, as the nearest number. */
const NO_PAGE = 2 ** 64;

export interface Tree {
  /** `free`: LMDB's own list of unused pages, with keys of u64. */
  readonly kind: 'free' | 'data';
  readonly depth: number;
  readonly root: number;
}

/** A page of a tree. `height`: 1 for a leaf. */
interface TreePage {
  readonly page: number;
  readonly kind: Tree['kind'];
  readonly height: number;
}

/** A page that is referred to, and what it must be: of a tree, or the first of a long value. */
type Reference = TreePage | { readonly page: number; readonly kind: 'overflow'; readonly count: number };

/** Places within a page: where the node begins, and where its key ends. */
interface Node {
  readonly begin: number;
  readonly flags: number;
  readonly keyEnd: number;
}

/** A tree as its record of 48 bytes tells it. */
export function readTree(record: Buffer, kind: Tree['kind']): Tree {
  return { kind, depth: record.readUInt16LE(6), root: Number(record.readBigUInt64LE(40)) };
}

/**
 * What is wrong, to complete a sentence. `pageCount`: how many whole pages the file has. `limit`: how many pages are
 * looked at, those near the roots first.
 */
export function findTreeDamage(
  fd: number,
  {
    pageSize,
    pageCount,
    limit,
  }: { readonly pageSize: number; readonly pageCount: number; readonly limit: number },
  trees: readonly Tree[],
): string | undefined {
  const seen = new Set<number>();
  const due = trees.flatMap(rootOf);
  const page = Buffer.alloc(pageSize);
  for (const reference of due) {
    if (seen.size >= limit) return undefined;
    const last = reference.page + (reference.kind === 'overflow' ? reference.count : 1) - 1;
    if (last >= pageCount) return `is cut short: it has ${pageCount} pages and refers to page ${last}`;
    readSync(fd, page, 0, pageSize, reference.page * pageSize);
    const below = seen.has(reference.page) ? undefined : referencesOf(page, reference);
    if (below === undefined) return `has a page ${reference.page} that is not what it was`;
    seen.add(reference.page);
    due.push(...below);
  }
  return undefined;
}

function rootOf({ kind, depth, root }: Tree): Reference[] {
  return root === NO_PAGE ? [] : [{ page: root, kind, height: depth }];
}

/** What a page refers to; undefined where it is not what it must be. */
function referencesOf(page: Buffer, reference: Reference): Reference[] | undefined {
  if (Number(page.readBigUInt64LE(0)) !== reference.page) return undefined;
  const flags = page.readUInt16LE(18) & KIND_BITS;
  if (reference.kind === 'overflow') {
    return flags === OVERFLOW && page.readUInt32LE(20) === reference.count ? [] : undefined;
  }
  const isLeaf = reference.height === 1;
  if (flags !== (isLeaf ? LEAF : BRANCH)) return undefined;
  const nodes = readNodes(page, isLeaf);
  if (nodes === undefined || nodes.length < (isLeaf ? 1 : 2)) return undefined;
  // The first key of a branch stands for everything below the second.
  if (!isAscending(page, isLeaf ? nodes : nodes.slice(1), reference.kind)) return undefined;
  return nodes.flatMap((node) =>
    isLeaf ? leafReferences(page, node) : [branchReference(page, node, reference)],
  );
}

function branchReference(page: Buffer, { begin }: Node, { kind, height }: TreePage): Reference {
  return { page: page.readUIntLE(begin, 6), kind, height: height - 1 };
}

function leafReferences(page: Buffer, { flags, keyEnd }: Node): Reference[] {
  if (flags === SUBTREE) return rootOf(readTree(page.subarray(keyEnd), 'data'));
  if (flags !== LONG_VALUE) return [];
  const count = Number(page.readBigUInt64LE(keyEnd + 16));
  return [{ page: Number(page.readBigUInt64LE(keyEnd)), kind: 'overflow', count }];
}

/** Undefined where a node does not lie within the page. */
function readNodes(page: Buffer, isLeaf: boolean): Node[] | undefined {
  const listBytes = page.readUInt16LE(20);
  const firstPlace = page.readUInt16LE(22);
  if (listBytes > firstPlace || firstPlace > page.length - HEADER_BYTES) return undefined;
  const nodes: Node[] = [];
  for (let i = 0; i < listBytes / 2; i++) {
    const place = page.readUInt16LE(HEADER_BYTES + 2 * i);
    const node = place < firstPlace ? undefined : readNode(page, HEADER_BYTES + place, isLeaf);
    if (node === undefined) return undefined;
    nodes.push(node);
  }
  return nodes;
}

function readNode(page: Buffer, begin: number, isLeaf: boolean): Node | undefined {
  if (begin + NODE_BYTES > page.length) return undefined;
  const flags = page.readUInt16LE(begin + 4);
  const keyEnd = begin + NODE_BYTES + page.readUInt16LE(begin + 6);
  const dataBytes = isLeaf ? leafDataBytes(page.readUInt32LE(begin), flags) : 0;
  if (dataBytes === undefined || keyEnd + dataBytes > page.length) return undefined;
  return { begin, flags, keyEnd };
}

/** Undefined where the node is of no kind that our databases have. */
function leafDataBytes(length: number, flags: number): number | undefined {
  if (flags === VALUE) return length;
  if (flags === LONG_VALUE) return LONG_VALUE_BYTES;
  return flags === SUBTREE && length === SUBTREE_BYTES ? SUBTREE_BYTES : undefined;
}

function isAscending(page: Buffer, nodes: readonly Node[], kind: Tree['kind']): boolean {
  const keyAt = ({ begin }: Node) => begin + NODE_BYTES;
  if (kind === 'free' && nodes.some((node) => node.keyEnd - keyAt(node) !== 8)) return false;
  const isBefore = (a: Node, b: Node) =>
    kind === 'free'
      ? page.readBigUInt64LE(keyAt(a)) < page.readBigUInt64LE(keyAt(b))
      : page.compare(page, keyAt(b), b.keyEnd, keyAt(a), a.keyEnd) < 0;
  return nodes.every((node, i) => {
    const before = nodes[i - 1];
    return before === undefined || isBefore(before, node);
  });
}
