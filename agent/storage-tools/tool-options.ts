/** The options that a tool is given, checked against its schema. */
import Value from 'typebox/value';
import { PodometerError } from '../../protocol/errors.ts';
import type { ToolOptions } from '../../protocol/storage-options.ts';
import type { StorageTool } from './tool.ts';

/** Texts become numbers where the schema has numbers; defaults are filled in. Throws PODO_USAGE. */
export function toolOptions(tool: StorageTool, given: ToolOptions): ToolOptions {
  const { options: schema, name } = tool;
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(schema.properties, key));
  if (unknown !== undefined) {
    throw new PodometerError(
      'PODO_USAGE',
      `${name} has no option "${unknown}"`,
      `It has ${Object.keys(schema.properties).join(', ')}.`,
    );
  }
  const options = Value.Default(schema, Value.Convert(schema, { ...given }));
  const [error] = Value.Errors(schema, options);
  if (error === undefined) return options as ToolOptions;
  const key = error.instancePath.slice(1);
  throw new PodometerError(
    'PODO_USAGE',
    `The option ${key} of ${name} is "${given[key]}", which ${error.message}`,
    `${descriptionOf(tool, key)}${choicesOf(tool, key)}.`,
  );
}

function descriptionOf({ options }: StorageTool, key: string): string {
  return String((options.properties[key] as { description?: unknown } | undefined)?.description ?? key);
}

function choicesOf({ options }: StorageTool, key: string): string {
  const choices = (options.properties[key] as { enum?: readonly unknown[] } | undefined)?.enum;
  return choices === undefined ? '' : `: ${choices.join(', ')}`;
}
