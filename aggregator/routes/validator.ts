/** Checks requests against their TypeBox schemas, and names the field, its value and the rule where one fails. */
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import Value from 'typebox/value';
import { PodometerError } from '../../protocol/errors.ts';

/** A body is taken as it is; texts of the address become numbers where the schema wants one. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'body' }) => {
  const checker = Compile(schema);
  return (received: unknown) => {
    const value = httpPart === 'body' ? received : withNumbers(schema, received as Texts);
    if (checker.Check(value)) return { value };
    // A field too many is told twice: as refused by the schema `false`, and by its name.
    const error = checker.Errors(value).find(({ keyword }) => keyword !== 'boolean');
    return { error: badRequest(httpPart, received, error) };
  };
};

type Texts = Readonly<Record<string, unknown>>;

/** What the address says, with the texts of numbers as numbers where the schema wants one. */
function withNumbers(schema: TSchema, received: Texts): Texts {
  const { properties = {} } = schema as { properties?: Readonly<Record<string, { type?: unknown }>> };
  const convert = ([name, text]: [string, unknown]): [string, unknown] => {
    const type = properties[name]?.type;
    const isNumber =
      (type === 'number' || type === 'integer') && typeof text === 'string' && text.trim() !== '';
    return [name, isNumber && Number.isFinite(Number(text)) ? Number(text) : text];
  };
  return Object.fromEntries(Object.entries(received).map(convert));
}

function badRequest(
  part: string,
  received: unknown,
  error: TLocalizedValidationError | undefined,
): PodometerError {
  const where = part === 'querystring' ? 'query' : part;
  return new PodometerError(
    'PODO_BAD_REQUEST',
    error === undefined ? `The ${where} is not valid` : sentence(where, received, error),
    'The fields and their rules are listed at /docs.',
  );
}

function sentence(where: string, received: unknown, error: TLocalizedValidationError): string {
  if (error.keyword === 'additionalProperties') {
    const unknown = error.params.additionalProperties.map((name) => `"${name}"`);
    return `The ${where} has the unknown field ${unknown.join(', ')}`;
  }
  if (error.keyword === 'required') {
    return `The ${where} lacks the field "${error.params.requiredProperties.join('", "')}"`;
  }
  const path = error.instancePath.split('/').slice(1).join('.');
  const value = JSON.stringify(Value.Pointer.Get(received, error.instancePath));
  const field = path === '' ? `The ${where}` : `The ${where} field "${path}"`;
  const rule =
    error.keyword === 'enum' ? `must be one of ${error.params.allowedValues.join(', ')}` : error.message;
  return `${field} is ${shortened(value)}: it ${rule}`;
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
