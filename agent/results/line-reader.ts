/** Lines of a stream of bytes, of which nothing longer than a bound is kept. */

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export class LineReader {
  readonly #buffer: Buffer;
  readonly #onLine: (line: string) => void;
  #length = 0;

  /** Of a longer line only the first `mostBytes` are told. A carriage return ends a line, too: progress is shown so. */
  constructor(mostBytes: number, onLine: (line: string) => void) {
    this.#buffer = Buffer.allocUnsafe(mostBytes);
    this.#onLine = onLine;
  }

  push(bytes: Uint8Array): void {
    let start = 0;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN) continue;
      this.#keep(bytes.subarray(start, i));
      this.end();
      start = i + 1;
    }
    this.#keep(bytes.subarray(start));
  }

  /** What has come is a line, though no line end followed. */
  end(): void {
    if (this.#length === 0) return;
    this.#onLine(this.#buffer.toString('utf8', 0, this.#length));
    this.#length = 0;
  }

  #keep(bytes: Uint8Array): void {
    const room = this.#buffer.length - this.#length;
    this.#buffer.set(bytes.length > room ? bytes.subarray(0, room) : bytes, this.#length);
    this.#length += Math.min(room, bytes.length);
  }
}
