/** By what a list of runs is filtered and sorted; apart from the schemas, so that the page need not bring them along. */

/** What a list of runs shows of each in a column, and may be sorted by. */
export const runFigures = [
  'wallSeconds',
  'cpuSeconds',
  'averageCores',
  'peakRssBytes',
  'readBytes',
  'writeBytes',
] as const;
export type RunFigure = (typeof runFigures)[number];

export const runSortKeys = ['startedAt', ...runFigures] as const;
export type RunSortKey = (typeof runSortKeys)[number];
export type RunOrder = 'asc' | 'desc';

/** Each run has one of them. `succeeded`: it is finished, and nothing says that it failed. */
export const runOutcomes = ['running', 'succeeded', 'failed', 'interrupted'] as const;
export type RunOutcomeClass = (typeof runOutcomes)[number];

/** `key=value` */
export const TAG_FILTER_PATTERN = '^[^=]+=.*$';
