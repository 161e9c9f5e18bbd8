/** Which line of an answer a series belongs to. */
import type { SubjectKindOnWire } from '../../protocol/batch.ts';
import type { ColumnSeries, RunDirectory, RunRecord } from '../store/model.ts';
import { OTHERS_KEY } from './added-lines.ts';
import type { SeriesPlan } from './series.ts';
import { subjectKeys } from './subject-names.ts';
import { processKey } from './summary.ts';

/** Of processes whose container is not known. */
const NO_CONTAINER = 'no container';

export interface LineSubject {
  readonly subject: SubjectKindOnWire;
  readonly key: string;
  /** Several series make up the line. */
  readonly isSum: boolean;
}

/** Undefined: the series is left out. */
export function lineSubjects(
  { together, own }: Pick<SeriesPlan, 'together' | 'own'>,
  record: RunRecord,
  directory: RunDirectory,
): (series: ColumnSeries) => LineSubject | undefined {
  const keyOf = subjectKeys(record, directory);
  const processes = new Map(directory.processes.map((process) => [processKey(process), process]));
  return (series) => {
    const key = keyOf(series);
    if (together === undefined || own.has(key)) return { subject: series.subject, key, isSum: false };
    const process = processes.get(key);
    if (process?.role !== 'target') return undefined;
    if (together === 'others') return { subject: 'process', key: OTHERS_KEY, isSum: true };
    const { member, container } = process;
    const containerKey =
      container === undefined ? NO_CONTAINER : keyOf({ subject: 'container', member, index: container });
    return { subject: 'container', key: containerKey, isSum: true };
  };
}
