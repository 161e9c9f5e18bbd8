/** One connection to an aggregator: sends a batch and tells what became of it. */
import type * as http from 'node:http';
import { BATCH_CONTENT_TYPE } from '../../protocol/names.ts';
import type { TokenFile } from './token-file.ts';

/** What an answer means for the batch. */
export type Delivery =
  | { readonly kind: 'acknowledged' }
  /** To be tried again, not before `afterMs` where the aggregator named a time. `detail`: for the log. */
  | { readonly kind: 'later'; readonly afterMs: number | undefined; readonly detail: string }
  /** We are not let in. To be tried again for a while: a token may be about to be replaced, a role to be given. */
  | { readonly kind: 'denied'; readonly detail: string }
  /** It will never be taken. */
  | { readonly kind: 'refused'; readonly detail: string };

export interface BatchClientOptions {
  /** Of the aggregator; `/v1/batches` is put behind it. */
  readonly url: URL;
  /** PEM; undefined: the system's own. */
  readonly ca: string | undefined;
  readonly token: TokenFile | undefined;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  /** Wall clock, for a Retry-After that names a date. */
  readonly wallMs: () => number;
}

type Http = Pick<typeof http, 'Agent' | 'request'>;

const LONGEST_ANSWER_BYTES = 64 * 1024;
const DENIED = new Set([401, 403]);
/** What may change by itself, of the answers that find a fault with us. */
const PASSING = new Set([408, 425, 429]);
/** Whatever the aggregator asks for. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

export class BatchClient {
  readonly #options: BatchClientOptions;
  readonly #http: Http;
  readonly #connection: http.Agent;
  readonly #address: URL;

  constructor(options: BatchClientOptions) {
    this.#options = options;
    this.#http = httpFor(options.url);
    this.#connection = new this.#http.Agent({ keepAlive: true, maxSockets: 1 });
    this.#address = new URL(`${options.url.pathname.replace(/\/$/, '')}/v1/batches`, options.url);
  }

  /** Never rejects. */
  async send(bytes: Uint8Array): Promise<Delivery> {
    try {
      const { status, retryAfter, body } = await this.#exchange(bytes);
      return this.#judge(status, retryAfter, body);
    } catch (error) {
      return { kind: 'later', afterMs: undefined, detail: messageOf(error) };
    }
  }

  close(): void {
    this.#connection.destroy();
  }

  #judge(status: number, retryAfter: string | undefined, body: string): Delivery {
    if (status === 200) return { kind: 'acknowledged' };
    if (status === 401) this.#options.token?.forget();
    const detail = `${status} ${problemOf(body)}`.trim();
    if (DENIED.has(status)) return { kind: 'denied', detail };
    if (status >= 400 && status < 500 && !PASSING.has(status)) return { kind: 'refused', detail };
    return { kind: 'later', afterMs: retryAfterMs(retryAfter, this.#options.wallMs()), detail };
  }

  #exchange(bytes: Uint8Array): Promise<Answer> {
    const { ca, token, timeoutMs } = this.#options;
    const { request } = this.#http;
    return new Promise((resolve, reject) => {
      const outgoing = request(this.#address, {
        method: 'POST',
        agent: this.#connection,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'content-type': BATCH_CONTENT_TYPE,
          'content-length': bytes.byteLength,
          ...(token && { authorization: `Bearer ${token.read()}` }),
        },
        ...(ca !== undefined && { ca }),
      });
      outgoing.once('error', reject);
      outgoing.once('response', (incoming) => {
        readAnswer(incoming).then(resolve, reject);
      });
      outgoing.end(bytes);
    });
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/**
 * The one of the two that is needed: importing node:http takes 8 MB more than node:https, as it loads everything that
 * it exports, a WebSocket among it.
 */
function httpFor({ protocol }: URL): Http {
  return process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http');
}

/** Read to its end, so that the connection can be used again; what is too long is cut off with it. */
async function readAnswer(incoming: http.IncomingMessage): Promise<Answer> {
  let body = '';
  for await (const part of incoming.setEncoding('utf8')) {
    body += part;
    if (body.length > LONGEST_ANSWER_BYTES) incoming.destroy();
  }
  return { status: incoming.statusCode ?? 0, retryAfter: incoming.headers['retry-after'], body };
}

/** The code and the sentence of a problem+json; nothing where the answer is none. */
function problemOf(body: string): string {
  try {
    const { code = '', detail = '' }: { code?: string; detail?: string } = JSON.parse(body);
    return `${code} ${detail}`.trim();
  } catch {
    return '';
  }
}

/** Seconds, or a date (RFC 9110). */
function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), LONGEST_RETRY_AFTER_MS);
}

function messageOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'no answer in time';
  return error instanceof Error ? error.message : String(error);
}
