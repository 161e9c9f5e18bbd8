/** The OpenAPI document as one page for people: no script, nothing from elsewhere. */
import type { OpenAPIV3_1 } from 'openapi-types';
import { errorCatalogue } from '../../protocol/errors.ts';

type Document = OpenAPIV3_1.Document;
type Operation = OpenAPIV3_1.OperationObject;
type Schema = OpenAPIV3_1.SchemaObject | OpenAPIV3_1.ReferenceObject;

export function docsPage(document: Document): string {
  const { info, paths = {}, components } = document;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)} HTTP API</title>
<link rel="stylesheet" href="docs.css">
<main>
<h1>${escaped(info.title)} HTTP API</h1>
<p>${escaped(info.description)}</p>
<p>The same for machines: <a href="openapi.json">openapi.json</a>.</p>
${Object.entries(paths)
  .flatMap(([path, item]) => operationsOf(path, item))
  .join('\n')}
<h2>Schemas</h2>
${Object.entries(components?.schemas ?? {})
  .map(schemaSection)
  .join('\n')}
<h2>Errors</h2>
${errorTable()}
</main>
</html>
`;
}

const METHODS = ['get', 'post', 'patch', 'delete'] as const;

function operationsOf(path: string, item: OpenAPIV3_1.PathItemObject | undefined): string[] {
  return METHODS.flatMap((method) => {
    const operation = item?.[method];
    return operation === undefined ? [] : [operationSection(method.toUpperCase(), path, operation)];
  });
}

function operationSection(method: string, path: string, operation: Operation): string {
  const parameters = (operation.parameters ?? []).filter((one) => 'name' in one);
  return `<section>
<h2><code>${method} ${escaped(path)}</code></h2>
<p>${escaped(operation.summary)}</p>
${operation.description === undefined ? '' : `<p>${escaped(operation.description)}</p>`}
${parameters.length === 0 ? '' : parameterTable(parameters)}
<p>${contentLines(operation).join('<br>')}</p>
</section>`;
}

function parameterTable(parameters: readonly OpenAPIV3_1.ParameterObject[]): string {
  const rows = parameters.map((one) => [
    `<code>${escaped(one.name)}</code>`,
    `${escaped(one.in)}${one.required ? ', required' : ''}`,
    typeText(one.schema as Schema),
    escaped(one.description),
  ]);
  return table(['Parameter', 'In', 'Type', ''], rows);
}

function contentLines({ requestBody, responses = {} }: Operation): string[] {
  const lines = Object.entries(responses).flatMap(([status, response]) =>
    '$ref' in response
      ? []
      : [`${escaped(status)}: ${contentText(response.content) || escaped(response.description)}`],
  );
  if (requestBody === undefined || !('content' in requestBody)) return lines;
  return [`Body: ${contentText(requestBody.content)}`, ...lines];
}

function contentText(content: Record<string, OpenAPIV3_1.MediaTypeObject> = {}): string {
  return Object.entries(content)
    .map(([type, { schema }]) => `<code>${escaped(type)}</code> ${typeText(schema)}`)
    .join(' or ');
}

function schemaSection([name, schema]: [string, Schema]): string {
  const properties = 'properties' in schema ? (schema.properties ?? {}) : {};
  const required = new Set('required' in schema ? schema.required : []);
  const rows = Object.entries(properties).map(([field, one]) => [
    `<code>${escaped(field)}</code>${required.has(field) ? '' : ' (optional)'}`,
    typeText(one),
    escaped('description' in one ? one.description : ''),
  ]);
  return `<h3 id="${escaped(name)}">${escaped(name)}</h3>\n${table(['Field', 'Type', ''], rows)}`;
}

function typeText(schema: Schema | undefined): string {
  if (schema === undefined) return '';
  if ('$ref' in schema) {
    const name = escaped(schema.$ref.split('/').at(-1));
    return `<a href="#${name}">${name}</a>`;
  }
  if (schema.enum !== undefined) return schema.enum.map((value) => escaped(String(value))).join(' | ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(' | ');
  if (schema.type === 'array') return `list of ${typeText(schema.items)}`;
  const bounds = [
    schema.minimum === undefined ? '' : ` ≥ ${schema.minimum}`,
    schema.maximum === undefined ? '' : ` ≤ ${schema.maximum}`,
  ];
  return escaped([schema.type ?? '', schema.format && ` (${schema.format})`, ...bounds].flat().join(''));
}

function errorTable(): string {
  const rows = Object.entries(errorCatalogue).map(([code, { status, title }]) => [
    `<code id="${code}">${code}</code>`,
    String(status),
    escaped(title),
  ]);
  return table(['Code', 'Status', 'Title'], rows);
}

/** Cells are HTML. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((cell) => `<th>${cell}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`);
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

function escaped(text = ''): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export const docsStyle = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h2 { margin-top: 2.5rem; border-top: 1px solid #8886; padding-top: 1rem; font-size: 1.15rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.9rem 0.2rem 0; }
code { font-family: ui-monospace, monospace; font-size: 0.92em; }
`;
