/** What retention would do, or did, and why. */
import { runRef } from '../../aggregator/query/run-view.ts';
import type { RetentionPlan, RetentionStep } from '../../aggregator/retention/plan.ts';
import type { Output } from '../command.ts';
import { painter } from '../terminal/colour.ts';
import { bytes } from '../terminal/format.ts';
import { renderTable, type TableColumn } from '../terminal/table.ts';
import { printable } from '../terminal/width.ts';

export function retentionTable(steps: readonly RetentionStep[], output: Output): string {
  return renderTable(steps, columns, { width: output.columns, paint: painter(output.colour) });
}

const columns: readonly TableColumn<RetentionStep>[] = [
  { title: 'RUN', cell: ({ record }) => ({ text: runRef(record), meaning: 'name' }) },
  { title: 'BECOMES', cell: ({ to }) => to },
  { title: 'FREES', cell: (step) => bytes(step.bytes), align: 'right' },
  { title: 'BECAUSE', cell: ({ why }) => why },
];

/** What was spared and why, and what space would remain used; a sentence a line. */
export function retentionSummary({ spared, usedBytes, freedBytes, lackingBytes }: RetentionPlan): string {
  const lines = [
    ...spared.map(({ record, why }) => `${printable(runRef(record))} stays: ${why}.`),
    `Of ${bytes(usedBytes)}, ${bytes(freedBytes)} become free for new history.`,
    ...(lackingBytes > 0
      ? [`${bytes(lackingBytes)} more would have to go, but all that is left stays.`]
      : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** The plan as `--json` prints it. */
export function retentionJson({ steps, spared, ...bytes }: RetentionPlan): unknown {
  return {
    steps: steps.map(({ record, ...step }) => ({ run: runRef(record), id: record.id, ...step })),
    spared: spared.map(({ record, why }) => ({ run: runRef(record), id: record.id, why })),
    ...bytes,
  };
}
