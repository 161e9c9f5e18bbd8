/** How the API server is reached. */
import {
  type ConfigurationOptions,
  KubeConfig,
  Observable,
  type RequestContext,
} from '@kubernetes/client-node';
import type { Clock } from '../clock.ts';

/** After this the authority and client certificate may have been replaced on disk. */
const RENEW_MS = 600_000;

/**
 * The client library makes a new connection for every request. Here requests share theirs: a small GET costs 0.6 ms
 * of CPU time so, and 2.9 with a TLS handshake of its own.
 */
export class ApiAccess extends KubeConfig {
  readonly #clock: Clock;
  #dispatcher: ReturnType<RequestContext['getDispatcher']>;
  #renewAtMs = 0;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    if (this.#clock.monotonicMs() >= this.#renewAtMs) {
      this.#dispatcher = context.getDispatcher();
      this.#renewAtMs = this.#clock.monotonicMs() + RENEW_MS;
    }
    if (this.#dispatcher !== undefined) context.setDispatcher(this.#dispatcher);
  }
}

/** Options of one API call that may not take longer; it rejects with a TimeoutError. */
export function answeredWithin(ms: number): ConfigurationOptions {
  return {
    middlewareMergeStrategy: 'append',
    middleware: [
      {
        pre(context) {
          context.setSignal(AbortSignal.timeout(ms));
          return new Observable(Promise.resolve(context));
        },
        post: (response) => new Observable(Promise.resolve(response)),
      },
    ],
  };
}

/** The HTTP status that an API call or a watch failed with; undefined where no answer came. */
export function failureStatus(error: unknown): number | undefined {
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  return [code, statusCode].find((value) => typeof value === 'number');
}

/** Whether the API server has looked at it and will not have it, by a rule or a quota: the same would be answered again. */
export function isRefusal(error: unknown): boolean {
  return [400, 403, 422].includes(failureStatus(error) ?? 0);
}

/** The API server's own words about what it did not do; undefined where it gave none. */
export function failureMessage(error: unknown): string | undefined {
  const { body } = (error ?? {}) as { body?: unknown };
  const { message } = ((typeof body === 'string' ? parsed(body) : body) ?? {}) as { message?: unknown };
  return typeof message === 'string' && message !== '' ? message : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the API server asks for with a 429 or 503, in ms; 0 where it asks for nothing. */
export function retryAfterMs(error: unknown): number {
  const { headers } = (error ?? {}) as { headers?: Readonly<Record<string, string>> };
  const seconds = Number(headers?.['retry-after']);
  return seconds > 0 ? seconds * 1000 : 0;
}
