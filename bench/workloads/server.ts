/** server.ts SECONDS: a node server, and a client beside it that asks for pages of differing sizes; ends by itself. */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const MOST_PAGE_BYTES = 60_000;
const PAUSE_MS = 4;

const [seconds = 10, port] = process.argv.slice(2).map(Number);
const untilMs = performance.now() + seconds * 1000;

if (port === undefined) serve();
else await ask(port);

function serve(): void {
  const server = createServer((request, response) => {
    const bytes = (Number(request.url?.slice(1)) * 7919) % MOST_PAGE_BYTES;
    const page = Buffer.alloc(bytes, 'page ');
    response.end(`${createHash('sha256').update(page).digest('hex')}\n${page}`);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const own = typeof address === 'object' && address !== null ? address.port : 0;
    fork(import.meta.filename, [String(seconds), String(own)]).once('exit', () => {
      server.close();
      server.closeAllConnections();
    });
  });
}

async function ask(of: number): Promise<void> {
  for (let page = 0; performance.now() < untilMs; page++) {
    await new Promise<void>((resolve, reject) => {
      get({ host: '127.0.0.1', port: of, path: `/${page}` }, (response) =>
        response.resume().once('end', resolve),
      ).once('error', reject);
    });
    await delay(PAUSE_MS);
  }
}
