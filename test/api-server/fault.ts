/** What can go wrong with a request to an API server. */
import type { ServerResponse } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';

export interface Fault {
  /** Of the request's method and address, `GET /api/v1/namespaces?watch=true`. */
  readonly match: RegExp;
  /** How many requests meet it; all of them where it is absent. */
  readonly times?: number;
  readonly delayMs?: number;
  /** Answered in place of what was asked for. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection ends without an answer. */
  readonly isCut?: boolean;
}

export class Faults {
  readonly #faults: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** Whether the request is done with. */
  async meets(line: string, response: ServerResponse): Promise<boolean> {
    const met = this.#faults.find(({ fault, left }) => left > 0 && fault.match.test(line));
    if (met === undefined) return false;
    met.left -= 1;
    const { delayMs, status, headers, isCut = false } = met.fault;
    if (delayMs !== undefined) await after(delayMs, undefined, { ref: false });
    if (isCut) response.destroy();
    else if (status !== undefined) sendStatus(response, status, 'a fault', headers);
    return isCut || status !== undefined;
  }
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'AlreadyExists',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
};

export function statusObject(code: number, message: string, reason = REASONS[code] ?? ''): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
}

export function sendStatus(
  response: ServerResponse,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  reason?: string,
): void {
  sendJson(response, code, statusObject(code, message, reason), headers);
}

export function sendJson(
  response: ServerResponse,
  code: number,
  value: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}
