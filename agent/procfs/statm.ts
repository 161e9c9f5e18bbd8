/** /proc/PID/statm: sizes of the address space in pages, `size resident shared text lib data dt`. */
import { integerAt, nextField } from './bytes.ts';

/** The order of `parseStatm`'s result; `lib` and `dt` are zero since Linux 2.6. */
export const statmFields = ['sizeBytes', 'residentBytes', 'sharedBytes', 'textBytes', 'dataBytes'] as const;

const LIB = 4;

/** `into`: bytes per field. All are zero for a zombie and a kernel thread. */
export function parseStatm(bytes: Uint8Array, pageSizeBytes: number, into: Float64Array): void {
  let offset = 0;
  for (let i = 0; i < statmFields.length; i++) {
    if (i === LIB) offset = nextField(bytes, offset);
    into[i] = integerAt(bytes, offset) * pageSizeBytes;
    offset = nextField(bytes, offset);
  }
}
