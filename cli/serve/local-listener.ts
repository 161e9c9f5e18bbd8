/** How a server of this machine listens, tells its address and ends: `podometer serve` and `podometer open`. */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { App } from '../../aggregator/routes/context.ts';
import { systemCode } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';

const TOKEN_BYTES = 24;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface LocalPlace {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Undefined: none is asked for. */
  readonly token: string | undefined;
}

/** A token that nobody can guess, new each time. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Answers the address to open, with the token in it. Throws PODO_PORT_IN_USE and PODO_USAGE. */
export async function listenLocally(
  app: Pick<App, 'listen' | 'server'>,
  { host, port, token }: LocalPlace,
): Promise<string> {
  try {
    await app.listen({ port, host });
  } catch (error) {
    throw listenError(error, host, port);
  }
  const name = host.includes(':') ? `[${host}]` : host;
  const bound = (app.server.address() as AddressInfo).port;
  return `http://${name}:${bound}/${token === undefined ? '' : `?token=${token}`}`;
}

/** Resolves at the first signal to end; a second one ends the process as usual. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of SIGNALS) process.off(signal, stop);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, stop);
  });
}

function listenError(error: unknown, host: string, port: number): unknown {
  const code = systemCode(error);
  if (code === 'EADDRINUSE') {
    return new PodometerError(
      'PODO_PORT_IN_USE',
      `--port ${port}: something listens at ${host}:${port} already`,
      'It may be another podometer serve. Give another port, or --port 0 for any free one.',
      { cause: error },
    );
  }
  if (code !== 'EACCES') return error;
  return new PodometerError(
    'PODO_USAGE',
    `--port ${port}: you may not listen there`,
    'Give a port of 1024 or above, or --port 0 for any free one.',
    { cause: error },
  );
}
