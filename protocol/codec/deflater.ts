/** deflate-raw, as Node and browsers both have it; this folder imports neither. */
import { malformed } from './varint.ts';

export interface Deflater {
  deflate(bytes: Uint8Array): Uint8Array;
  /** `length`: how long the result is; longer ones must be refused. */
  inflate(bytes: Uint8Array, length: number): Uint8Array;
}

/** Bytes as they are kept: deflated where that is shorter (`stored.length < length`). */
export interface Packed {
  readonly length: number;
  readonly stored: Uint8Array;
}

export function pack(bytes: Uint8Array, deflater: Deflater): Packed {
  const deflated = deflater.deflate(bytes);
  return { length: bytes.length, stored: deflated.length < bytes.length ? deflated : bytes };
}

/** Throws PODO_BATCH_MALFORMED where the bytes are not what deflate makes, or not of the length that they tell. */
export function unpack({ length, stored }: Packed, deflater: Deflater): Uint8Array {
  if (stored.length === length) return stored;
  let bytes: Uint8Array;
  try {
    bytes = deflater.inflate(stored, length);
  } catch (error) {
    throw malformed('deflated bytes are damaged', error);
  }
  if (bytes.length !== length)
    throw malformed(`deflated bytes are ${bytes.length} long in place of ${length}`);
  return bytes;
}
