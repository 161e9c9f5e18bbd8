/** What `podometer status` shows. */
import type { ConditionType } from '../../protocol/status.ts';
import type { Output } from '../command.ts';
import {
  type ClusterStatus,
  failuresOf,
  type NamespaceReport,
  type PartState,
  type PartStatus,
} from '../status/cluster-status.ts';
import { type Meaning, painter } from '../terminal/colour.ts';
import { type Cell, renderTable, type TableColumn } from '../terminal/table.ts';
import { printable, wrapWords } from '../terminal/width.ts';
import { type LabelledLine, labelledLines } from './labelled-lines.ts';

export function statusReport(status: ClusterStatus, output: Output): string {
  const style = { width: output.columns, paint: painter(output.colour) };
  const failures = failuresOf(status).flatMap((sentence) => wrapWords(printable(sentence), output.columns));
  return [
    labelledLines(partLines(status), style),
    status.namespaces.length === 0
      ? 'No namespace has an aggregator; the first labelled pod brings one.\n'
      : renderTable(status.namespaces, columns, style),
    failures.map((line) => `${style.paint('bad', line)}\n`).join(''),
  ]
    .filter((section) => section !== '')
    .join('\n');
}

const MEANINGS: Readonly<Record<PartState, Meaning>> = {
  ready: 'good',
  failing: 'bad',
  missing: 'bad',
  unknown: 'caution',
};

function partLines({ version, injector, webhook }: ClusterStatus): LabelledLine[] {
  const line = (label: string, { state, detail }: PartStatus): LabelledLine => ({
    label,
    text: `${state}: ${detail}`,
    meaning: MEANINGS[state],
  });
  return [
    { label: 'version', text: version ?? 'unknown' },
    line('injector', injector),
    line('webhook', webhook),
  ];
}

const columns: readonly TableColumn<NamespaceReport>[] = [
  { title: 'NAMESPACE', cell: ({ namespace }) => ({ text: namespace, meaning: 'name' }) },
  {
    title: 'AGGREGATOR',
    cell: ({ aggregator: { state } }) => ({ text: state, meaning: MEANINGS[state] }),
  },
  { title: 'STORAGE', cell: (report) => conditionCell(report, 'StorageReady', 'ready') },
  { title: 'CERTIFICATE', cell: (report) => conditionCell(report, 'CertificateValid', 'valid') },
  { title: 'PODS INJECTED', cell: podsCell },
];

/** `good`: said where the condition holds; elsewhere its reason says more. */
function conditionCell({ conditions }: NamespaceReport, wanted: ConditionType, good: string): Cell {
  const found = conditions.find(({ type }) => type === wanted);
  if (found === undefined) return { text: '-' };
  if (found.status === 'True') return { text: good, meaning: 'good' };
  return { text: found.reason, meaning: found.status === 'False' ? 'bad' : 'caution' };
}

function podsCell({ pods }: NamespaceReport): Cell {
  if (pods === undefined) return { text: 'unknown', meaning: 'caution' };
  const { labelled, injected } = pods;
  return { text: `${injected} of ${labelled}`, meaning: injected < labelled ? 'caution' : 'good' };
}
