/**
 * /proc/PID/smaps_rollup: sums over the address space, in kB. The kernel walks every page for it, so its cost grows
 * with the memory. The open file is bound to the address space: after an exec it has to be opened anew.
 */
import { ascii, keyedIntegers } from './bytes.ts';

const NAMES = ['Rss', 'Pss', 'Private_Clean', 'Private_Dirty', 'SwapPss'].map((field) => ascii(`${field}:`));
const KIB = 1024;
const scratch = new Float64Array(NAMES.length);

export interface SmapsRollup {
  /** Exact, unlike the resident size in `stat`. */
  readonly rssBytes: number;
  /** Proportional set size: a shared page counts by the share of it. */
  readonly pssBytes: number;
  /** What is mapped by this process alone. */
  readonly ussBytes: number;
  /** Its share of the swap. NaN before Linux 4.3. */
  readonly swapPssBytes: number;
}

export function parseSmapsRollup(bytes: Uint8Array): SmapsRollup {
  keyedIntegers(bytes, NAMES, scratch);
  const [rss = Number.NaN, pss = Number.NaN, clean = Number.NaN, dirty = Number.NaN, swapPss = Number.NaN] =
    scratch;
  return {
    rssBytes: rss * KIB,
    pssBytes: pss * KIB,
    ussBytes: (clean + dirty) * KIB,
    swapPssBytes: swapPss * KIB,
  };
}
