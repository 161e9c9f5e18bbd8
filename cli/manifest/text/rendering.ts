/** Values as the text of a manifest, in the two forms that YAML has: blocks by indentation, and flow within brackets. */
import { stringify } from 'yaml';
import type { SourceText } from './source-text.ts';

/** What an older reader of YAML would take for a number or a boolean is quoted. */
const OPTIONS = { lineWidth: 0, compat: 'yaml-1.1' } as const;

/** Lines without their indentation and without a last line break. */
export function blockLines(value: unknown, { step, indentsLists }: SourceText): string[] {
  // The printer takes a list two places to the left, whatever the step.
  const indent = indentsLists ? step : 2;
  return stringify(value, { ...OPTIONS, indent, indentSeq: indentsLists })
    .replace(/\n$/, '')
    .split('\n');
}

export function indented(lines: readonly string[], column: number): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(column) + line));
}

export interface FlowForm {
  readonly isJson: boolean;
  /** Undefined: on one line. Else how the lines after the first begin. */
  readonly indentation: string | undefined;
}

export function flowText(value: unknown, { isJson, indentation }: FlowForm, source: SourceText): string {
  if (!isJson) return stringify(value, { ...OPTIONS, collectionStyle: 'flow' }).trimEnd();
  if (indentation === undefined) return JSON.stringify(value);
  const lines = JSON.stringify(value, undefined, source.step).split('\n');
  return lines.join(source.lineBreak + indentation);
}

export function flowPair(key: string, value: unknown, form: FlowForm, source: SourceText): string {
  return `${flowText(key, form, source)}: ${flowText(value, form, source)}`;
}
