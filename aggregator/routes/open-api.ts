import type { SwaggerOptions } from '@fastify/swagger';

/** How the OpenAPI document is made from the routes' schemas. */
export function openApi(version: string): SwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Podometer',
        version,
        description:
          'What every process of every run used. Times are ISO 8601 in UTC, or ms since the start of the run where ' +
          'the name ends in Ms. Failures are application/problem+json.',
      },
      tags: [
        { name: 'runs', description: 'Runs and their figures' },
        { name: 'samples', description: 'What happened within a run' },
        { name: 'ingest', description: 'For agents' },
        { name: 'server', description: 'About the server itself' },
      ],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    refResolver: {
      buildLocalReference: (schema, _baseUri, _fragment, index) =>
        typeof schema.$id === 'string' ? schema.$id : `Schema${index}`,
    },
  };
}
