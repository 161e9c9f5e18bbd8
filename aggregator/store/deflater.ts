import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Deflater } from '../../protocol/codec/slice.ts';

/** Node's deflate for sealed slices. */
export const deflater: Deflater = {
  deflate: (bytes) => deflateRawSync(bytes),
  inflate: (bytes, length) => inflateRawSync(bytes, { maxOutputLength: length }),
};
