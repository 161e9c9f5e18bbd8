import type { OpenAPIV3_1 } from 'openapi-types';
import type { App } from './context.ts';
import { docsPage, docsStyle } from './docs-page.ts';

const POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** GET /openapi.json, and /docs: the same for people */
export function docsRoutes(app: App): void {
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/docs', { schema: { hide: true } }, (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .send(docsPage(app.swagger() as OpenAPIV3_1.Document)),
  );
  app.get('/docs.css', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(docsStyle),
  );
}
