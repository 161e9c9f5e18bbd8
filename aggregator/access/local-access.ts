/**
 * Who may ask: on loopback, requests that name this server in their Host header (so that no web page can reach it
 * under a name of its own, DNS rebinding) and bring the token. A browser brings the token once in the address and
 * has it as a cookie from then on.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PodometerError } from '../../protocol/errors.ts';
import type { Access } from './access.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

export interface LocalAccessOptions {
  /** Undefined: none is asked for. */
  readonly token: string | undefined;
  /** Host names, without a port, that are answered beside the loopback ones. */
  readonly allowedHosts?: readonly string[];
}

/** Access to a history on one machine: whoever has the token may do everything. */
export function localAccess({ token, allowedHosts = [] }: LocalAccessOptions): Access {
  const hosts = new Set([...LOOPBACK_NAMES, ...allowedHosts.map((host) => host.toLowerCase())]);
  const tokenCheck = token === undefined ? undefined : new TokenCheck(token);
  return {
    async admit(request, reply) {
      refuseForeignHost(request, hosts);
      await tokenCheck?.admit(request, reply);
    },
  };
}

function refuseForeignHost(request: FastifyRequest, hosts: ReadonlySet<string>): void {
  const host = request.headers.host ?? '';
  if (hosts.has(host.toLowerCase().replace(/:\d+$/, ''))) return;
  throw new PodometerError(
    'PODO_FORBIDDEN_HOST',
    `The Host header is "${host}", which does not name this server`,
    'Use the address that was printed when it started.',
  );
}

class TokenCheck {
  readonly #token: string;
  /** Cookies are shared by all ports of a host, so that each server needs a name of its own. */
  readonly #cookieName: string;
  readonly #cookieValue: string;

  constructor(token: string) {
    this.#token = token;
    this.#cookieName = `podometer-${digest(`name ${token}`).toString('hex').slice(0, 8)}`;
    this.#cookieValue = digest(`value ${token}`).toString('hex');
  }

  /** Lets the request pass, moves a token from the address into a cookie, or throws PODO_UNAUTHORIZED. */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const [path = '', ...rest] = request.url.split('?');
    const query = new URLSearchParams(rest.join('?'));
    if (request.method === 'GET' && isSame(query.get('token'), this.#token)) {
      query.delete('token');
      await reply
        .header('set-cookie', `${this.#cookieName}=${this.#cookieValue}; Path=/; HttpOnly; SameSite=Strict`)
        .redirect(localAddress(path, query), 303);
      return;
    }
    if (isSame(bearerOf(request), this.#token)) return;
    if (isSame(cookieOf(request, this.#cookieName), this.#cookieValue)) return;
    throw new PodometerError(
      'PODO_UNAUTHORIZED',
      'The request brings no valid token',
      'Open the address that was printed when it started, or send its token as `Authorization: Bearer TOKEN`.',
    );
  }
}

/** One slash in front: two would name another server. */
function localAddress(path: string, query: URLSearchParams): string {
  const local = `/${path.replace(/^[/\\]+/, '')}`;
  return query.size === 0 ? local : `${local}?${query}`;
}

/** In a time that tells nothing of where the two differ. */
function isSame(offered: string | null | undefined, expected: string): boolean {
  return typeof offered === 'string' && timingSafeEqual(digest(offered), digest(expected));
}

function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

function cookieOf(request: FastifyRequest, name: string): string | undefined {
  const cookies = request.headers.cookie?.split(';').map((one) => one.trim());
  return cookies?.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
