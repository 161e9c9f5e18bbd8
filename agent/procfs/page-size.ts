/** The page size of this machine, from the auxiliary vector (AT_PAGESZ) that the kernel gave this process. */
import { readFileSync } from 'node:fs';

const AT_PAGESZ = 6n;
const USUAL = 4096;

let known: number | undefined;

export function pageSizeBytes(): number {
  known ??= readPageSize('/proc/self/auxv');
  return known;
}

/** `path`: pairs of native 64-bit words (type, value). */
export function readPageSize(path: string): number {
  let words: Buffer;
  try {
    words = readFileSync(path);
  } catch {
    return USUAL;
  }
  for (let offset = 0; offset + 16 <= words.length; offset += 16) {
    if (words.readBigUInt64LE(offset) === AT_PAGESZ) return Number(words.readBigUInt64LE(offset + 8));
  }
  return USUAL;
}
