/** Two runs phase by phase. */
import type { CompareAnswer, PhasePair } from '../../protocol/comparison.ts';
import type { Phase } from '../../protocol/findings.ts';
import { bytes, cores, duration, shown, signed } from '../terminal/format.ts';
import { renderTable, type TableColumn, type TableStyle } from '../terminal/table.ts';

/** Says why, where there is nothing to show. */
export function phasePairTable({ a, b, phases }: CompareAnswer, style: TableStyle): string {
  const title = style.paint('heading', `Phase by phase: ${a.ref} and ${b.ref}`);
  if (phases === undefined) {
    return `${title}\nOne of the runs is too short to have phases, or its samples are gone.\n`;
  }
  const rows = phases.pairs.map((pair, i) => ({ ...pair, place: i + 1 }));
  return `${title}\n${renderTable(rows, columns, style)}`;
}

type Row = PhasePair & { readonly place: number };

const columns: readonly TableColumn<Row>[] = [
  { title: 'PHASE', cell: ({ place }) => String(place), align: 'right' },
  { title: 'A', cell: ({ a }) => shown(secondsOf(a), duration), align: 'right' },
  { title: 'B', cell: ({ b }) => shown(secondsOf(b), duration), align: 'right' },
  { title: 'DELTA', cell: deltaText, align: 'right' },
  levelColumn('CORES', ({ cores: value }) => value, cores),
  levelColumn('MEMORY', ({ rssBytes }) => rssBytes, bytes, 3),
  levelColumn('READ', (phase) => phase.readBytesPerSecond, perSecond, 2),
  levelColumn('WRITTEN', (phase) => phase.writeBytesPerSecond, perSecond, 1),
  { title: '', cell: noteText },
];

function levelColumn(
  title: string,
  read: (phase: Phase) => number,
  format: (value: number) => string,
  dropRank?: number,
): TableColumn<Row> {
  const text = (phase: Phase | undefined): string => (phase === undefined ? '-' : format(read(phase)));
  return {
    title,
    cell: ({ a, b }) => (text(a) === text(b) ? text(a) : `${text(a)} -> ${text(b)}`),
    align: 'right',
    ...(dropRank !== undefined && { dropRank }),
  };
}

function perSecond(value: number): string {
  return `${bytes(value)}/s`;
}

function deltaText({ a, b }: Row): string {
  return signed((secondsOf(b) ?? 0) - (secondsOf(a) ?? 0), duration);
}

function noteText({ a, b, alike }: Row): string {
  if (a === undefined) return 'new';
  if (b === undefined) return 'gone';
  return alike ? '' : 'changed';
}

function secondsOf(phase: Phase | undefined): number | undefined {
  return phase && (phase.toMs - phase.fromMs) / 1000;
}
