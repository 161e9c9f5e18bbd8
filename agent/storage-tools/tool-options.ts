/** The options that a tool is given, checked against its schema. */
import type { TObject } from 'typebox';
import Value from 'typebox/value';
import { PodometerError } from '../../protocol/errors.ts';
import { patternWords, type ToolOptions } from '../../protocol/storage-options.ts';
import type { StorageTool } from './tool.ts';

/** Texts become numbers where the schema has numbers; defaults are filled in. Throws PODO_USAGE. */
export function toolOptions(tool: StorageTool, given: ToolOptions): ToolOptions {
  const schema = tool.optionsBeside?.(given) ?? tool.options;
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(schema.properties, key));
  if (unknown !== undefined) throw noSuchOption(tool, schema, given, unknown);
  const options = Value.Default(schema, Value.Convert(schema, { ...given }));
  const [error] = Value.Errors(schema, options);
  if (error === undefined) return options as ToolOptions;
  const key = error.instancePath.slice(1);
  const option = (schema.properties[key] ?? {}) as OptionSchema;
  const { pattern = '', enum: choices, description = key } = option;
  throw new PodometerError(
    'PODO_USAGE',
    `The option ${key} of ${tool.name} is "${given[key]}", which ${patternWords.get(pattern) ?? error.message}`,
    `${description}${choices === undefined ? '' : `: ${choices.join(', ')}`}.`,
  );
}

interface OptionSchema {
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
}

function noSuchOption(
  { name, options }: StorageTool,
  allowed: TObject,
  given: ToolOptions,
  key: string,
): PodometerError {
  const choice = `It has ${Object.keys(allowed.properties).join(', ')}.`;
  const ruling = Object.keys(given).find((one) => !Object.hasOwn(options.properties, one));
  if (ruling === key || ruling === undefined) {
    return new PodometerError('PODO_USAGE', `${name} has no option "${key}"`, choice);
  }
  return new PodometerError(
    'PODO_USAGE',
    `The option ${key} of ${name} does not go with --${ruling}, which says it all`,
    `Leave ${key} out, or --${ruling}.`,
  );
}
