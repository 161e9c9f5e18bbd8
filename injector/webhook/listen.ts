import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemCode } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';

interface Listener {
  readonly server: Pick<Server, 'listen' | 'address' | 'once' | 'off'>;
  ready(): PromiseLike<unknown>;
}

/**
 * Resolves to the port. `host`: undefined for every address of the machine, of the families that it has (fastify's
 * own `listen` would take the loopback address). Throws PODO_PORT_IN_USE.
 */
export async function listen(app: Listener, port: number, host?: string): Promise<number> {
  await app.ready();
  const { server } = app;
  server.listen({ port, host });
  try {
    await once(server as Server, 'listening');
  } catch (error) {
    if (systemCode(error) !== 'EADDRINUSE') throw error;
    throw new PodometerError(
      'PODO_PORT_IN_USE',
      `something listens on port ${port} already`,
      'Give another by PODOMETER_PORT or PODOMETER_HEALTH_PORT.',
      { cause: error },
    );
  }
  return (server.address() as AddressInfo).port;
}
