/** What the list of runs shows, as its address holds it. */
import {
  type RunOrder,
  type RunOutcomeClass,
  type RunSortKey,
  runOutcomes,
  runSortKeys,
} from '../../../protocol/run-choices.ts';
import type { RunsQuery } from '../../../protocol/run-list.ts';

/** Stretches of time that end now, ms. */
export const recentTimes = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
export type RecentTime = keyof typeof recentTimes;

export interface RunFilters {
  readonly workload?: string | undefined;
  /** Words to look for. */
  readonly text?: string | undefined;
  readonly outcome?: RunOutcomeClass | undefined;
  /** `key=value` */
  readonly tag?: string | undefined;
  readonly host?: string | undefined;
  /** Runs that started in the last hour, day or week; else between `since` and `until`, ISO 8601 in UTC. */
  readonly last?: RecentTime | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface RunsRoute extends RunFilters {
  readonly view: 'runs';
  /** Default: when they started. */
  readonly sort?: RunSortKey | undefined;
  /** Default: the newest or largest first. */
  readonly order?: RunOrder | undefined;
  /** Names or ids of the runs that were chosen. */
  readonly chosen?: readonly string[] | undefined;
  /** Those of the chosen that are the baseline; default: the oldest. */
  readonly baseline?: readonly string[] | undefined;
}

/** What cannot be understood is left out. */
export function parseRunsRoute(query: URLSearchParams): RunsRoute {
  const text = (name: 'workload' | 'text' | 'host') => query.get(name) || undefined;
  const names = (name: 'chosen' | 'baseline') => {
    const listed = (query.get(name) ?? '').split(',').filter(Boolean);
    return listed.length === 0 ? undefined : listed;
  };
  const tag = query.get('tag') ?? '';
  const last = query.get('last') ?? '';
  const order = query.get('order');
  return known({
    view: 'runs' as const,
    workload: text('workload'),
    text: text('text'),
    outcome: runOutcomes.find((outcome) => outcome === query.get('outcome')),
    tag: tag.indexOf('=') > 0 ? tag : undefined,
    host: text('host'),
    last: Object.hasOwn(recentTimes, last) ? (last as RecentTime) : undefined,
    since: momentOf(query.get('since')),
    until: momentOf(query.get('until')),
    sort: runSortKeys.find((key) => key === query.get('sort')),
    order: order === 'asc' || order === 'desc' ? order : undefined,
    chosen: names('chosen'),
    baseline: names('baseline'),
  });
}

export function runsParameters(route: RunsRoute): Record<string, string | undefined> {
  const { view: _, chosen, baseline, ...rest } = route;
  return { ...rest, chosen: chosen?.join(), baseline: baseline?.join() };
}

/** What the server is asked for. */
export function runsQuery(route: RunsRoute, nowMs: number): RunsQuery {
  const { view: _view, chosen: _chosen, baseline: _baseline, last, since, ...rest } = route;
  const from = last === undefined ? since : new Date(nowMs - recentTimes[last]).toISOString();
  return known({ ...rest, since: from, until: last === undefined ? rest.until : undefined });
}

export function isFiltered(filters: RunFilters): boolean {
  const { workload, text, outcome, tag, host, last, since, until } = filters;
  return [workload, text, outcome, tag, host, last, since, until].some((value) => value !== undefined);
}

function momentOf(text: string | null): string | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

type Known<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function known<T extends object>(values: T): Known<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Known<T>;
}
