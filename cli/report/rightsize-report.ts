/** What `podometer rightsize` shows. */
import type { ContainerAdvice } from '../../aggregator/query/rightsize/advice.ts';
import type { Finding } from '../../protocol/findings.ts';
import type { Workload } from '../../protocol/run.ts';
import type { Output } from '../command.ts';
import { painter } from '../terminal/colour.ts';
import { bytes, cores } from '../terminal/format.ts';
import { renderTable, type TableColumn, type TableStyle } from '../terminal/table.ts';
import { wrapWords } from '../terminal/width.ts';
import { findingLines } from './finding-lines.ts';
import { patchNote, resourcesPatch } from './resources-patch.ts';

export interface RightsizeReport {
  readonly workload: Workload;
  /** Newest first. */
  readonly runs: readonly string[];
  /** As a share. */
  readonly headroom: number;
  readonly containers: readonly ContainerAdvice[];
  readonly findings: readonly Finding[];
}

/** With fewer readings a peak says little. */
const FEW_SAMPLES = 60;

export function rightsizeReport(report: RightsizeReport, output: Output): string {
  const paint = painter(output.colour);
  const style: TableStyle = { width: output.columns, paint };
  const { workload, containers, runs } = report;
  const few = containers.some(({ need }) => need.samples < FEW_SAMPLES);
  const notes = [
    `Of ${runs.length} good ${runs.length === 1 ? 'run' : 'runs'}, the newest ${runs[0]}; memory without page cache.`,
    ...(few ? ['So few readings may have missed the peak.'] : []),
  ];
  return [
    renderTable(containers.flatMap(rowsOf), columns, style),
    notes
      .flatMap((note) => wrapWords(note, output.columns))
      .map((line) => `${paint('quiet', line)}\n`)
      .join(''),
    findingLines(report.findings, style),
    resourcesPatch(workload.kind, containers),
    `${patchNote(workload)}\n`,
  ]
    .filter((section) => section !== '')
    .join('\n');
}

interface Row {
  readonly container: string;
  readonly resource: string;
  readonly p95: string;
  readonly peak: string;
  readonly set: string;
  readonly advised: string;
}

function rowsOf({ need, set, advised }: ContainerAdvice): Row[] {
  const row = (resource: 'cpu' | 'memory', p95: string, peak: string): Row => ({
    container: need.name,
    resource: resource === 'cpu' ? 'CPU' : 'memory',
    p95,
    peak,
    set: pair(set.requests?.[resource], set.limits?.[resource]),
    advised: pair(advised.requests[resource], advised.limits[resource]),
  });
  return [
    row('cpu', cores(need.cpuCores.p95), cores(need.cpuCores.peak)),
    row('memory', bytes(need.memoryBytes.p95), bytes(need.memoryBytes.peak)),
  ];
}

/** `250m / 500m`: request and limit. */
function pair(request: string | undefined, limit: string | undefined): string {
  return `${request ?? '-'} / ${limit ?? '-'}`;
}

const columns: readonly TableColumn<Row>[] = [
  { title: 'CONTAINER', cell: ({ container }) => container },
  { title: '', cell: ({ resource }) => resource },
  { title: 'P95', cell: ({ p95 }) => p95, align: 'right' },
  { title: 'PEAK', cell: ({ peak }) => peak, align: 'right' },
  { title: 'SET (REQUEST / LIMIT)', cell: ({ set }) => set, align: 'right' },
  { title: 'ADVISED', cell: ({ advised }) => advised, align: 'right' },
];
