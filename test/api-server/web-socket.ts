/** The server's end of a WebSocket (RFC 6455), as far as a port-forward needs it: whole binary messages and closing. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const HANDSHAKE = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

export class ServerWebSocket {
  readonly #socket: Duplex;
  #pending = Buffer.alloc(0);

  /** `protocol`: the one that is chosen of those that the client offers. */
  constructor(request: IncomingMessage, socket: Duplex, protocol: string) {
    this.#socket = socket;
    const key = request.headers['sec-websocket-key'] ?? '';
    socket.write(
      [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${createHash('sha1')
          .update(key + HANDSHAKE)
          .digest('base64')}`,
        `Sec-WebSocket-Protocol: ${protocol}`,
        '\r\n',
      ].join('\r\n'),
    );
  }

  receive(message: (bytes: Buffer) => void): void {
    this.#socket.on('data', (bytes: Buffer) => {
      this.#pending = Buffer.concat([this.#pending, bytes]);
      for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
        if (frame.opcode === BINARY) message(frame.payload);
        if (frame.opcode === PING) this.#write(PONG, frame.payload);
        if (frame.opcode === CLOSE) this.close();
      }
    });
  }

  send(bytes: Buffer): void {
    this.#write(BINARY, bytes);
  }

  close(): void {
    if (!this.#socket.writable) return;
    this.#write(CLOSE, Buffer.from([0x03, 0xe8]));
    this.#socket.end();
  }

  #write(opcode: number, payload: Buffer): void {
    if (!this.#socket.writable) return;
    const header = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10);
    header[0] = 0x80 | opcode;
    if (header.length === 2) header[1] = payload.length;
    else if (header.length === 4) {
      header[1] = 126;
      header.writeUInt16BE(payload.length, 2);
    } else {
      header[1] = 127;
      header.writeBigUInt64BE(BigInt(payload.length), 2);
    }
    this.#socket.write(Buffer.concat([header, payload]));
  }

  /** The next whole frame; what a client sends is masked. */
  #next(): { readonly opcode: number; readonly payload: Buffer } | undefined {
    const [first = 0, second = 0] = this.#pending;
    if (this.#pending.length < 2) return undefined;
    const short = second & 0x7f;
    const mask = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (this.#pending.length < mask + 4) return undefined;
    const length =
      short < 126
        ? short
        : short === 126
          ? this.#pending.readUInt16BE(2)
          : Number(this.#pending.readBigUInt64BE(2));
    const start = mask + 4;
    if (this.#pending.length < start + length) return undefined;
    const key = this.#pending.subarray(mask, start);
    const payload = Buffer.from(this.#pending.subarray(start, start + length));
    for (const [i, byte] of payload.entries()) payload[i] = byte ^ (key[i % 4] ?? 0);
    this.#pending = this.#pending.subarray(start + length);
    return { opcode: first & 0x0f, payload };
  }
}
