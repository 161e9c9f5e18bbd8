/** A receiver that answers as it is told, and keeps what it was sent. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { LivePoint } from '../../../aggregator/live/live-point.ts';
import { type ColumnName, columnByName } from '../../../protocol/metrics.ts';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `answers`: one per request; the last one goes on. */
export async function receiver(
  t: TestContext,
  answers: Answer[],
): Promise<{ readonly url: URL; readonly received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await buffer(request) });
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 500 };
    response.writeHead(answer.status, answer.headers).end('a word');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}/api/v1/write`), received };
}

export function point(name: ColumnName, value: number, attributes: Record<string, string> = {}): LivePoint {
  const column = columnByName(name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return { column, attributes, value };
}
