/** What a person would want to know of a run, in plain words. Rules and their bounds: docs/comparing.md. */
import type { Finding } from '../../../protocol/findings.ts';
import { type ColumnName, columnByName } from '../../../protocol/metrics.ts';
import type { RunView } from '../../../protocol/query.ts';
import type { ColumnSeries, ProcessEntry, RunDirectory, RunRecord, Store } from '../../store/model.ts';
import { readContainerSamples } from '../rightsize/container-need.ts';
import { requestFindings } from '../rightsize/request-findings.ts';
import { runView, type StateOf } from '../run-view.ts';
import { processKey } from '../summary.ts';
import { readTotals, wholeRun } from '../whole-run.ts';
import { oneCoreFindings, oneCoreSuspects, throttledFindings } from './cpu-findings.ts';
import { diskFindings, diskSuspects, ioPressureFindings } from './disk-findings.ts';
import { leakFindings, memoryLimitFindings, oomFindings } from './memory-findings.ts';
import { type RunSamples, runSamples } from './samples.ts';
import { type Seen, toldOnce } from './seen.ts';

interface FindingRule {
  readonly of: 'processes' | 'containers';
  /** What it looks at: read for this rule alone, so that few columns are in memory at once. */
  readonly columns: readonly ColumnName[];
  /** By the totals of the columns: whose samples need to be looked at. Absent: those of all. */
  suspects?(totals: RunSamples): readonly ProcessEntry[];
  find(samples: RunSamples): Finding[];
}

/** The gravest first. */
const RULES: readonly FindingRule[] = [
  { of: 'containers', columns: [], find: oomFindings },
  {
    of: 'containers',
    columns: ['memoryCurrentBytes', 'memoryFileBytes', 'memoryLimitBytes'],
    find: ofEach(memoryLimitFindings),
  },
  { of: 'processes', columns: ['rssBytes'], find: ofEach(leakFindings) },
  {
    of: 'containers',
    columns: ['cpuPeriods', 'throttledPeriods', 'throttledUs', 'cpuLimitMillicores'],
    find: ofEach(throttledFindings),
  },
  {
    of: 'processes',
    columns: ['blockIoDelayTicks', 'threadUninterruptibleMs'],
    suspects: diskSuspects,
    find: (samples) => {
      const ofProcesses = ofEach(diskFindings)(samples);
      return ofProcesses.length > 0 ? ofProcesses : ioPressureFindings(samples);
    },
  },
  {
    of: 'processes',
    columns: ['utimeTicks', 'stimeTicks', 'cpuTimeMs', 'cpuLimitMillicores'],
    suspects: oneCoreSuspects,
    find: ofEach(oneCoreFindings),
  },
];

function ofEach(see: (samples: RunSamples) => Seen[]): FindingRule['find'] {
  return (samples) => toldOnce(see(samples), samples.run.members, samples.run.workload.kind);
}

/** `samples`: of the columns of all rules. */
export function findingsOf(samples: RunSamples): Finding[] {
  return RULES.flatMap(({ find }) => find(samples));
}

export function readFindings(store: Store, stateOf: StateOf, record: RunRecord): Finding[] {
  const directory = store.directory(record.id);
  const view = { ...runView(record, stateOf(record)), ...(record.pods && { pods: [...record.pods] }) };
  const found = RULES.flatMap((rule) => {
    const series = seriesFor(rule, store, record, { directory, view });
    return rule.find(runSamples(view, directory, series));
  });
  return [...found, ...requestFindings(record, readContainerSamples(store, record))];
}

interface Looked {
  readonly directory: RunDirectory;
  readonly view: RunView;
}

function seriesFor(
  rule: FindingRule,
  store: Store,
  record: RunRecord,
  { directory, view }: Looked,
): ColumnSeries[] {
  const columns = rule.columns.map((name) => columnByName(name)?.id ?? 0);
  if (columns.length === 0) return [];
  if (rule.suspects === undefined) {
    const { resolutionMs } = wholeRun(record, directory[rule.of], columns.length);
    return store.series(record.id, { columns, resolutionMs });
  }
  const totals = readTotals(store, record, directory, columns);
  const suspects = rule.suspects(runSamples(view, directory, totals));
  if (suspects.length === 0) return [];
  const { resolutionMs } = wholeRun(record, suspects, columns.length);
  const subjects = [
    ...suspects.map(({ member, index }) => ({ kind: 'process' as const, member, index })),
    ...directory.containers.map(({ member, index }) => ({ kind: 'container' as const, member, index })),
  ];
  const known = new Set(suspects.map(processKey));
  const others = totals.filter((one) => one.subject === 'process' && !known.has(processKey(one)));
  return [...others, ...store.series(record.id, { columns, subjects, resolutionMs })];
}
