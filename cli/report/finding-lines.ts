/** What stands out in a run, a sentence each. */
import type { Finding } from '../../protocol/findings.ts';
import type { TableStyle } from '../terminal/table.ts';
import { printable, wrapWords } from '../terminal/width.ts';

/** Empty where nothing does. */
export function findingLines(
  findings: readonly Finding[],
  { width, paint, indent = '' }: TableStyle,
): string {
  if (findings.length === 0) return '';
  const lines = findings.flatMap(({ sentence }) => wrapWords(printable(sentence), width - indent.length));
  return `${paint('heading', 'Stands out')}\n${lines.map((line) => `${indent}${line}\n`).join('')}`;
}
