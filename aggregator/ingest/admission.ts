/** How many bytes of batches may be on their way in at once, so that memory stays bounded whatever agents send. */
import { PodometerError } from '../../protocol/errors.ts';

/** Four of the largest batches, or thousands of usual ones. */
export const MOST_BYTES_IN_FLIGHT = 32 * 1024 * 1024;

export class Admission {
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(mostBytes = MOST_BYTES_IN_FLIGHT) {
    this.#mostBytes = mostBytes;
  }

  /** From the head of a request to its answer. */
  get bytesInFlight(): number {
    return this.#bytes;
  }

  /**
   * Takes a request of so many bytes in and answers what is to be called once it is answered. Throws PODO_BUSY where it
   * does not fit beside those under way; one alone always fits.
   */
  admit(bytes: number): () => void {
    if (this.#bytes > 0 && this.#bytes + bytes > this.#mostBytes) throw busy(this.#bytes);
    this.#bytes += bytes;
    let isOver = false;
    return () => {
      if (!isOver) this.#bytes -= bytes;
      isOver = true;
    };
  }
}

function busy(bytes: number): PodometerError {
  return new PodometerError(
    'PODO_BUSY',
    `Batches of ${bytes} bytes are being written already`,
    'Send the batch again after the time that Retry-After names.',
  );
}
