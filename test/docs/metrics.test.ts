/** docs/metrics.md is made from the catalogue: `UPDATE=1 node --test test/docs/metrics.test.ts` writes it anew. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Measure, measures } from '../../protocol/measures.ts';
import { type Column, containerColumns, pressureColumns, processColumns } from '../../protocol/metrics.ts';

const file = join(import.meta.dirname, '../../docs/metrics.md');

const unitNames = { s: 'seconds', By: 'bytes', '1': 'number' } as const;

function page(): string {
  return [
    '# Metrics and measures',
    '',
    'Made from `protocol/metrics.ts` and `protocol/measures.ts` by `UPDATE=1 node --test test/docs/metrics.test.ts`;',
    'changes belong there.',
    '',
    'A **column** is one series of samples. It holds integers as the kernel counts them; stored integer × scale is the',
    'value in its unit. A counter only grows, a gauge is a level. `tick` columns are read at every sample, `slow` ones',
    'every few ticks or when something moved, `rare` ones within the CPU budget. A column that cannot be read is absent,',
    'never zero. The number identifies a column in stored and sent data and is never used again for another.',
    '',
    'A **measure** is one figure of a run as a whole: what runs are listed and compared by.',
    ...section(
      'Columns of a process',
      'CPU and IO columns add up: their sum over all processes of a run, living and dead, is the total of the run. The',
      'kernel adds the use of a child that was waited for to its parent; known children are taken out again, and what is',
      'left is shown as short-lived.',
    ),
    ...columnTable(processColumns),
    ...section(
      'Columns of a container',
      'From its cgroup. Where two files are named, the first is of cgroup v2 and the second of v1.',
    ),
    ...columnTable(containerColumns),
    ...section('Pressure', 'Of the container where its cgroup has pressure files, else of the host.'),
    ...columnTable(pressureColumns),
    ...section(
      'Measures of a run',
      'Several members (pods) of a run are combined as the table says. `lower` means that a rise counts as a regression.',
    ),
    ...measureTable(measures),
    '',
  ].join('\n');
}

function section(title: string, ...lines: readonly string[]): string[] {
  return ['', `## ${title}`, '', ...lines, ''];
}

function columnTable(columns: readonly Column[]): string[] {
  const heads = [
    'No.',
    'Column',
    'Unit',
    'Scale',
    'Kind',
    'Metric',
    'Read',
    'Source',
    'Meaning',
    'OpenTelemetry',
  ];
  return table(
    heads,
    columns.map(({ id, name, unit, scale, kind, metric, cadence, source, doc, otel }) => [
      String(id),
      `\`${name}\``,
      unitNames[unit],
      String(scale),
      kind,
      metric,
      cadence,
      source,
      doc,
      telemetryName(otel),
    ]),
  );
}

function telemetryName({ name, attributes = {} }: Column['otel']): string {
  return [name, ...Object.entries(attributes).map(([key, value]) => `${key}=${value}`)]
    .map((part) => `\`${part}\``)
    .join(' ');
}

function measureTable(rows: readonly Measure[]): string[] {
  return table(
    ['No.', 'Measure', 'Label', 'Unit', 'Members', 'Better', 'Meaning'],
    rows.map(({ id, name, label, unit, combine, better, doc }) => [
      String(id),
      `\`${name}\``,
      label,
      unitNames[unit],
      combine,
      better,
      doc,
    ]),
  );
}

/** A table with columns of even width, as the formatter would make it. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [heads, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = heads.map((_, index) => Math.max(3, ...cells.map((row) => row[index]?.length ?? 0)));
  const [head = '', ...body] = cells.map((row) => tableLine(row, widths, ' '));
  return [
    head,
    tableLine(
      heads.map(() => ''),
      widths,
      '-',
    ),
    ...body,
  ];
}

function tableLine(cells: readonly string[], widths: readonly number[], filling: string): string {
  return `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0, filling)).join(' | ')} |`;
}

test('docs/metrics.md says what the catalogue says', () => {
  const expected = page();
  if (process.env.UPDATE === '1') writeFileSync(file, expected);
  assert.ok(readFileSync(file, 'utf8') === expected, 'run UPDATE=1 node --test test/docs/metrics.test.ts');
});
