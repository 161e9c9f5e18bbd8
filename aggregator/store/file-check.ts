/**
 * A look at data.mdb before LMDB maps it. LMDB believes what it finds: a page that lies behind the end of the file, or one
 * that is not what it was, ends the process with a signal, which cannot be caught.
 *
 * The file is pages of one size. The first two are meta pages, of which the one with the later transaction counts. All
 * integers are little-endian.
 *
 *     meta page   number u64, 10 bytes, flags u16, 4 bytes, magic u32, version u32, 16 bytes, the tree of free pages, the
 *                 tree of databases, the last page in use u64, transaction u64
 *     tree        page size u32 (in the first tree only), 2 bytes, depth u16, 32 bytes, the number of its root page u64
 *
 * The pages of a tree are described in tree-check.ts.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/errors.ts';
import { storeCorrupt } from './failures.ts';
import { findTreeDamage, readTree, type Tree } from './tree-check.ts';

export const DATA_FILE = 'data.mdb';

const MAGIC = 0xbeefc0de;
const LMDB_VERSION = 2;
const META_BYTES = 160;
const META_FLAG = 0x08;
const FREE_TREE = 48;
const MAIN_TREE = 96;
/** Other processes may write while the file is looked at; after so many looks that they disturbed, it is theirs to know. */
const MOST_LOOKS = 5;

/** So the look takes some ten ms at most, whatever the size of the store. The rest of a large one is believed. */
const MOST_PAGES = 512;

interface Meta {
  readonly pageSize: number;
  readonly trees: readonly Tree[];
  readonly lastPage: number;
  readonly transaction: bigint;
}

/**
 * Whether there is a data file. Throws PODO_STORE_CORRUPT where LMDB might not survive it; system errors as they are.
 * `whole`: every page of its trees is looked at, whatever that takes.
 */
export function checkDataFile(folder: string, extent: 'quick' | 'whole' = 'quick'): 'missing' | 'sound' {
  let fd: number;
  try {
    fd = openSync(join(folder, DATA_FILE), 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return 'missing';
    throw error;
  }
  try {
    const damage = findDamage(fd, extent === 'whole' ? Number.POSITIVE_INFINITY : MOST_PAGES);
    if (damage !== undefined) throw storeCorrupt(folder, `is damaged: ${DATA_FILE} ${damage}`);
    return 'sound';
  } finally {
    closeSync(fd);
  }
}

/** What is wrong, to complete a sentence: what two looks found that nobody wrote into. */
function findDamage(fd: number, mostPages: number): string | undefined {
  for (let look = 0, agreed = 0; look < MOST_LOOKS; look++) {
    const meta = readMeta(fd);
    const damage =
      meta === undefined ? 'does not begin as a store does' : findPageDamage(fd, meta, mostPages);
    if (damage === undefined) return undefined;
    // Pages that one transaction gives up are written over by the second after it at the earliest.
    const isOutdated = meta !== undefined && Number(readMeta(fd)?.transaction) > Number(meta.transaction) + 1;
    if (!isOutdated) agreed += 1;
    if (agreed === 2) return damage;
  }
  return undefined;
}

function findPageDamage(
  fd: number,
  { pageSize, lastPage, trees }: Meta,
  mostPages: number,
): string | undefined {
  const pageCount = Math.floor(fstatSync(fd).size / pageSize);
  // The last pages may never have been written, where their transaction gave them up again; or the file was cut.
  const limit = pageCount > lastPage ? mostPages : Number.POSITIVE_INFINITY;
  return findTreeDamage(fd, { pageSize, pageCount, limit }, trees);
}

function readMeta(fd: number): Meta | undefined {
  const first = readMetaPage(fd, 0, 0);
  const second = first && readMetaPage(fd, 1, first.pageSize);
  return second && (first.transaction > second.transaction ? first : second);
}

function readMetaPage(fd: number, number: number, at: number): Meta | undefined {
  const page = Buffer.alloc(META_BYTES);
  if (readSync(fd, page, 0, META_BYTES, at) < META_BYTES) return undefined;
  const isMeta = page.readBigUInt64LE(0) === BigInt(number) && page.readUInt16LE(18) === META_FLAG;
  const isLmdb = page.readUInt32LE(24) === MAGIC && page.readUInt32LE(28) === LMDB_VERSION;
  const pageSize = page.readUInt32LE(FREE_TREE);
  const isPageSize = pageSize >= 512 && pageSize <= 65_536 && Number.isInteger(Math.log2(pageSize));
  if (!isMeta || !isLmdb || !isPageSize) return undefined;
  const trees = [readTree(page.subarray(FREE_TREE), 'free'), readTree(page.subarray(MAIN_TREE), 'data')];
  return {
    pageSize,
    trees,
    lastPage: Number(page.readBigUInt64LE(144)),
    transaction: page.readBigUInt64LE(152),
  };
}
