import type { ServerResponse } from 'node:http';

/** How long a browser waits before it connects again, ms. */
const RETRY_MS = 2000;

/** Server-sent events on one response. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #closing = new AbortController();

  constructor(response: ServerResponse) {
    this.#response = response;
    response.once('close', () => this.#closing.abort());
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write(`retry: ${RETRY_MS}\n\n`);
  }

  /** Aborted when the stream ends, whoever ends it. Nothing may be sent from then on. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** True while the client reads more slowly than it is told. */
  get isBehind(): boolean {
    return this.#response.writableNeedDrain;
  }

  /** `data`: anything that JSON can say. */
  send(event: string, data: unknown): void {
    this.#response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** A comment, which keeps the connection from looking dead. */
  beat(): void {
    this.#response.write(': beat\n\n');
  }

  end(): void {
    this.#closing.abort();
    this.#response.end();
  }
}
