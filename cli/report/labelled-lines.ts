/** Lines that begin with what they are about. */
import type { Meaning } from '../terminal/colour.ts';
import { renderTable, type TableStyle } from '../terminal/table.ts';

export interface LabelledLine {
  readonly label: string;
  readonly text: string;
  readonly meaning?: Meaning;
}

export function labelledLines(lines: readonly LabelledLine[], style: TableStyle): string {
  return renderTable(
    lines,
    [
      { title: '', cell: ({ label }) => ({ text: label, meaning: 'quiet' }) },
      { title: '', cell: ({ text, meaning }) => ({ text, meaning }), leastWidth: 20 },
    ],
    { ...style, titles: false },
  );
}
