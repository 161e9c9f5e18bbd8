import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { systemCode } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';
import type { App } from './context.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
};

const INDEX = 'index.html';

/** The build puts a hash of the content into the names of the files in this folder. */
const HASHED_FOLDER = 'assets/';

export const PAGE_POLICY =
  "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

interface PageFile {
  /** Path below the page's folder, with slashes. */
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * GET / and one route for each file of the built page. The files are read once, now: nothing that a request says
 * becomes a path.
 */
export function pageRoutes(app: App, folder: string | undefined): void {
  const files = folder === undefined ? [] : filesOf(folder);
  for (const file of files) addFile(app, file);
  if (files.some((file) => file.name === INDEX)) return;
  app.get('/', { schema: { hide: true } }, () => {
    throw new PodometerError(
      'PODO_PAGE_NOT_BUILT',
      'The page has not been built',
      'Run `npm run build`, and start the server again; the HTTP API at /docs works without it.',
    );
  });
}

function filesOf(folder: string): PageFile[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return { name: relative(folder, path).split(sep).join('/'), bytes: readFileSync(path) };
      });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function addFile(app: App, { name, bytes }: PageFile): void {
  const headers = {
    'content-type': CONTENT_TYPES[extname(name)] ?? 'application/octet-stream',
    'content-security-policy': PAGE_POLICY,
    'cache-control': name.startsWith(HASHED_FOLDER)
      ? 'private, max-age=31536000, immutable'
      : 'private, no-cache',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
  };
  app.get(name === INDEX ? '/' : `/${name}`, { schema: { hide: true } }, (request, reply) => {
    reply.headers(headers);
    return request.headers['if-none-match'] === headers.etag ? reply.status(304).send() : reply.send(bytes);
  });
}
