/** The phases of a run. */
import type { Phase } from '../../protocol/findings.ts';
import { bytes, cores, duration } from '../terminal/format.ts';
import { renderTable, type TableColumn, type TableStyle } from '../terminal/table.ts';

/** Empty where the run behaved alike from start to end. */
export function phaseTable(phases: readonly Phase[], style: TableStyle): string {
  if (phases.length < 2) return '';
  return `${style.paint('heading', 'Phases')}\n${renderTable(phases, columns, style)}`;
}

const columns: readonly TableColumn<Phase>[] = [
  { title: 'FROM', cell: ({ fromMs }) => duration(fromMs / 1000), align: 'right' },
  { title: 'TOOK', cell: ({ fromMs, toMs }) => duration((toMs - fromMs) / 1000), align: 'right' },
  { title: 'CORES', cell: (phase) => cores(phase.cores), align: 'right' },
  { title: 'MEMORY', cell: ({ rssBytes }) => bytes(rssBytes), align: 'right' },
  { title: 'READ', cell: (phase) => `${bytes(phase.readBytesPerSecond)}/s`, align: 'right', dropRank: 2 },
  { title: 'WRITTEN', cell: (phase) => `${bytes(phase.writeBytesPerSecond)}/s`, align: 'right', dropRank: 1 },
];
