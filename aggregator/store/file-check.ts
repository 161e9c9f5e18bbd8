/**
 * A look at data.mdb before LMDB maps it, because LMDB believes what it finds there: a page that lies behind the end of
 * the file ends the process with SIGBUS.
 *
 * The file is pages of one size. Every page begins with a header of 24 bytes: its number u64, a transaction u64, 2 bytes,
 * flags u16, and, but for an overflow page, the length of its list of nodes u16 and 2 bytes more. Integers are
 * little-endian.
 *
 *     meta page      0 and 1; the one of the later transaction counts. At 24: magic u32, version u32, 16 bytes, the trees
 *                    of free pages and of the databases (48 bytes each, the first begins with the page size u32), the
 *                    last page in use u64, the transaction u64
 *     tree           40 bytes, then the number of its root page u64
 *     branch, leaf   at 24: for each node its place u16, counted from 24. A node is 4 bytes, flags u16, the length of its
 *                    key u16, the key. In a branch the first 6 bytes are a page number; in a leaf the data follow the key:
 *                    the value, or a tree, or the first of a row of overflow pages u64, 8 bytes and their count u64
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/errors.ts';
import { storeCorrupt } from './failures.ts';

export const DATA_FILE = 'data.mdb';

const MAGIC = 0xbeefc0de;
const LMDB_VERSION = 2;
const HEADER_BYTES = 24;
const META_BYTES = 160;
const BRANCH = 0x01;
const LEAF = 0x02;
const META = 0x08;
const NODE_IS_LONG = 0x01;
const NODE_IS_TREE = 0x02;
const NO_PAGE = 2n ** 64n - 1n;
const ROOT_IN_TREE = 40;
const FREE_TREE = 48;
const MAIN_TREE = 96;

interface Meta {
  readonly pageSize: number;
  readonly roots: readonly bigint[];
  readonly lastPage: number;
  readonly transaction: bigint;
}

/** Whether there is a data file. Throws PODO_STORE_CORRUPT where LMDB could not survive it; system errors as they are. */
export function checkDataFile(folder: string): 'missing' | 'sound' {
  let fd: number;
  try {
    fd = openSync(join(folder, DATA_FILE), 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return 'missing';
    throw error;
  }
  try {
    const damage = findDamage(fd);
    if (damage !== undefined) throw storeCorrupt(folder, damage);
    return 'sound';
  } finally {
    closeSync(fd);
  }
}

/** What is wrong, to complete "The store in FOLDER …". */
function findDamage(fd: number): string | undefined {
  const meta = readMeta(fd);
  if (meta === undefined) return `is damaged: ${DATA_FILE} does not begin as a store does`;
  const { size } = fstatSync(fd);
  // The last pages may never have been written where their transaction freed them again.
  if ((meta.lastPage + 1) * meta.pageSize <= size || isWithin(fd, meta, size)) return undefined;
  const isOutdated = (readMeta(fd)?.transaction ?? 0n) > meta.transaction + 1n;
  return isOutdated
    ? findDamage(fd)
    : `is cut short: ${DATA_FILE} has ${size} bytes and refers to what lay behind them`;
}

function readMeta(fd: number): Meta | undefined {
  const first = readMetaPage(fd, 0, 0);
  const second = first && readMetaPage(fd, 1, first.pageSize);
  return second && (first.transaction > second.transaction ? first : second);
}

function readMetaPage(fd: number, number: number, at: number): Meta | undefined {
  const page = readBytes(fd, at, META_BYTES);
  if (page === undefined || page.readBigUInt64LE(0) !== BigInt(number)) return undefined;
  const isMeta = page.readUInt16LE(18) === META && page.readUInt32LE(HEADER_BYTES) === MAGIC;
  const pageSize = page.readUInt32LE(FREE_TREE);
  const isPageSize = pageSize >= 512 && pageSize <= 65_536 && (pageSize & (pageSize - 1)) === 0;
  if (!isMeta || page.readUInt16LE(28) !== LMDB_VERSION || !isPageSize) return undefined;
  return {
    pageSize,
    roots: [FREE_TREE, MAIN_TREE].map((tree) => page.readBigUInt64LE(tree + ROOT_IN_TREE)),
    lastPage: Number(page.readBigUInt64LE(144)),
    transaction: page.readBigUInt64LE(152),
  };
}

/** Whether every page that the trees refer to lies in the file. */
function isWithin(fd: number, { pageSize, roots, lastPage }: Meta, size: number): boolean {
  const due = roots.map((root) => ({ first: root, count: 1n, isTreePage: true }));
  for (let seen = 0, next = due.pop(); next !== undefined; next = due.pop()) {
    if (next.first === NO_PAGE) continue;
    if ((next.first + next.count) * BigInt(pageSize) > BigInt(size)) return false;
    if (!next.isTreePage) continue;
    const page = readBytes(fd, Number(next.first) * pageSize, pageSize);
    if (page === undefined || page.readBigUInt64LE(0) !== next.first || seen++ > lastPage) return false;
    for (const reference of references(page)) due.push(reference);
  }
  return true;
}

function* references(page: Buffer): Generator<{ first: bigint; count: bigint; isTreePage: boolean }> {
  const flags = page.readUInt16LE(18);
  for (let at = HEADER_BYTES, end = at + page.readUInt16LE(20); at < end; at += 2) {
    const node = HEADER_BYTES + page.readUInt16LE(at);
    const nodeFlags = page.readUInt16LE(node + 4);
    const data = node + 8 + page.readUInt16LE(node + 6);
    if (flags & BRANCH) yield { first: BigInt(page.readUIntLE(node, 6)), count: 1n, isTreePage: true };
    else if (!(flags & LEAF)) return;
    else if (nodeFlags & NODE_IS_TREE) {
      yield { first: page.readBigUInt64LE(data + ROOT_IN_TREE), count: 1n, isTreePage: true };
    } else if (nodeFlags & NODE_IS_LONG) {
      yield { first: page.readBigUInt64LE(data), count: page.readBigUInt64LE(data + 16), isTreePage: false };
    }
  }
}

function readBytes(fd: number, at: number, length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length);
  return readSync(fd, bytes, 0, length, at) === length ? bytes : undefined;
}
