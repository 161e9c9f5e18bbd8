/** A MetricSet's status, from what is known of it. Pure. */
import type { V1Pod } from '@kubernetes/client-node';
import type {
  MetricSetCondition,
  MetricSetStatus,
  StoragePhase,
  StorageStatus,
} from '../../../protocol/metric-set.ts';
import { annotations, PROFILE_LABEL } from '../../../protocol/names.ts';
import type { MetricSetFacts } from '../../inject/facts.ts';
import { chooseMetricSet } from '../../inject/metric-set-choice.ts';

export interface StatusParts {
  readonly before: MetricSetStatus | undefined;
  readonly generation: number;
  /** What is wrong with its spec; empty: nothing. */
  readonly problems: readonly string[];
  readonly matchedPods: number;
  readonly storage: StorageStatus | undefined;
  /** ISO 8601, of this moment. */
  readonly now: string;
}

const LONGEST_MESSAGE = 1024;

export function metricSetStatus(parts: StatusParts): MetricSetStatus {
  const { before, generation, problems, matchedPods, storage, now } = parts;
  const news = [
    validity(problems),
    ...(storage?.phase === undefined ? [] : [measured(storage.phase, storage)]),
  ];
  return {
    observedGeneration: generation,
    matchedPods,
    conditions: news.map(({ message, ...fields }) => {
      const known = before?.conditions?.find(({ type }) => type === fields.type);
      const lastTransitionTime = known?.status === fields.status ? known.lastTransitionTime : now;
      return {
        ...fields,
        message: message.slice(0, LONGEST_MESSAGE),
        observedGeneration: generation,
        lastTransitionTime,
      };
    }),
    ...(storage !== undefined && { storage }),
  };
}

/** Living pods whose run answers, or would answer, this MetricSet. `sets`: the namespace's, oldest first. */
export function countMatched(name: string, pods: readonly V1Pod[], sets: readonly MetricSetFacts[]): number {
  return pods.filter(({ metadata, status }) => {
    if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return false;
    const { labels = {}, annotations: given = {} } = metadata ?? {};
    if (labels[PROFILE_LABEL] !== 'true') return false;
    return chooseMetricSet(sets, given[annotations.metricSet], labels).chosen?.name === name;
  }).length;
}

type News = Pick<MetricSetCondition, 'type' | 'status' | 'reason' | 'message'>;

function validity(problems: readonly string[]): News {
  if (problems.length === 0) {
    return { type: 'Valid', status: 'True', reason: 'Understood', message: 'All of it is understood' };
  }
  return {
    type: 'Valid',
    status: 'False',
    reason: 'NotUnderstood',
    message: `Nothing of it is used: ${problems.join('; ')}`,
  };
}

const measuredByPhase: Readonly<Record<StoragePhase, Omit<News, 'type'>>> = {
  Pending: { status: 'Unknown', reason: 'RunPending', message: 'A run waits' },
  Running: { status: 'Unknown', reason: 'RunRunning', message: 'A run is under way' },
  Succeeded: { status: 'True', reason: 'RunSucceeded', message: 'The last run has succeeded' },
  Failed: { status: 'False', reason: 'RunFailed', message: 'The last run has failed' },
};

function measured(phase: StoragePhase, { run, message }: StorageStatus): News {
  const { message: words, ...fields } = measuredByPhase[phase];
  const why = message === undefined ? '' : `: ${message}`;
  return { type: 'StorageMeasured', ...fields, message: `${words} (${run})${why}` };
}
