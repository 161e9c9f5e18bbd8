/** docs/metrics.md is made from the catalogue: `UPDATE=1 node --test test/docs/metrics.test.ts` writes it anew. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Measure, measures } from '../../protocol/measures.ts';
import {
  type Column,
  containerColumns,
  deviceColumns,
  outputColumns,
  pressureColumns,
  processColumns,
  threadColumns,
  volumeColumns,
} from '../../protocol/metrics.ts';

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
    'every few ticks or when something moved, `rare` ones within the CPU budget, and in rounds, those of all processes at one',
    'tick: 5, 10, 20 and 40 s after the start and then every minute, later where the budget does not suffice, and not where it',
    'would take more than half an interval. A column that cannot be read is absent, never zero. The number identifies a column',
    'in stored and sent data and is never used again for another.',
    '',
    'A **measure** is one figure of a run as a whole: what runs are listed and compared by.',
    '',
    'What storage tools report are results: see [storage metrics](storage-metrics.md), with an example of adding a tool.',
    ...section(
      'Columns of a process',
      'CPU and IO columns add up: their sum over all processes of a run, living and dead, is the total of the run. The',
      'kernel adds the use of a child that was waited for to its parent; known children are taken out again, and what is',
      'left is shown as short-lived. The last row of a process that ended is at most 50 ms older than its end, whatever the',
      'interval is, and holds CPU time and faults; where more than 16 processes run, it is its last sample.',
    ),
    ...columnTable(processColumns),
    ...section(
      'Threads of a process',
      'Found by sampling: a reading of a thread stands for the time since the one before. Of a process with many threads,',
      '16 are read at each sample, in turn. What threads wait for is told by the system call that they are in, and by the',
      'kernel’s function where that may wait for anything; both need the right to trace the process, and are absent without',
      'it. The classes, with the numbers of the system calls on x86-64 and arm64, stand in `agent/metrics/wait-class.ts`.',
    ),
    ...columnTable(threadColumns),
    ...section(
      'Columns of a container',
      'From its cgroup. Where two files are named, the first is of cgroup v2 and the second of v1.',
    ),
    ...columnTable(containerColumns),
    ...section('Pressure', 'Of the container where its cgroup has pressure files, else of the host.'),
    ...columnTable(pressureColumns),
    ...section(
      'Block devices',
      'Each device is a subject of its own: those that a container used, as its cgroup tells; where no cgroup does, those of',
      'the host, with the IO of all its programs. A device that lies upon another (LVM, RAID, encryption) is told beside it.',
      'The queue of a device is always that of all programs. Cgroup v1 leaves out what was written through the page cache. At',
      'most 64 devices of each container or host.',
    ),
    ...columnTable(deviceColumns),
    ...section(
      'Volumes',
      'Each mount with space that can be used up is a subject of its own, by its mount path; the volume’s name is known where',
      'the kubelet’s path is seen. Left out: overlay and pseudo file systems, read-only images, and what the kubelet fills',
      '(secrets, config maps). Volumes on one file system (several `emptyDir` on the disk of the node) share its figures. A',
      'volume of a file server is asked in the background and shown one reading later. At most 32 of each container.',
    ),
    ...columnTable(volumeColumns),
    ...section(
      'Output of the program',
      'Figures that the measured program tells on its standard output (`podometer run --measure`, docs/results.md). Each is a',
      'subject of its own, by its name, and has as many decimals as its first value needs: nine significant digits.',
    ),
    ...columnTable(outputColumns),
    ...section(
      'Measures of a run',
      'Several members (pods) of a run are combined as the table says; `all` is the sum, where every member has it. `lower`',
      'means that a rise counts as a regression.',
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
