import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Deflater } from '../protocol/codec/deflater.ts';

/** Node's deflate, for batches and sealed slices. */
export const deflater: Deflater = {
  deflate: (bytes) => deflateRawSync(bytes),
  inflate: (bytes, length) => inflateRawSync(bytes, { maxOutputLength: length }),
};
