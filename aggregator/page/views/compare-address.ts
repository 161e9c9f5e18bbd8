/** What a comparison shows, as its address holds it. */
import type { CompareQuery } from '../../../protocol/comparison.ts';

export interface CompareRoute {
  readonly view: 'compare';
  /** Each as the API takes a side: a run, a range, the newest good ones, those with a tag. */
  readonly baseline: string;
  readonly other: string;
  /** Marks of runs, with commas. */
  readonly leaveOut?: string;
  /** Names of measures, with commas: only these are judged. */
  readonly measures?: string;
  /** The smallest change worth naming, as a share. */
  readonly effect?: number;
  /** Charts aligned phase by phase; else by the starts of the runs. */
  readonly byPhase?: boolean;
  /** Only what differs. */
  readonly onlyDifferent?: boolean;
  /** Of the common time axis, ms. */
  readonly zoom?: { readonly fromMs: number; readonly toMs: number } | undefined;
}

/** `a` and `b`, or two runs in `runs` with a comma between. Undefined where a side is missing. */
export function parseCompareRoute(query: URLSearchParams): CompareRoute | undefined {
  const [first, second] = (query.get('runs') ?? '').split(',').map(decoded);
  const baseline = query.get('a') ?? first;
  const other = query.get('b') ?? second;
  if (!baseline || !other) return undefined;
  const leaveOut = query.get('leaveOut');
  const measures = query.get('measures');
  const effect = Number.parseFloat(query.get('effect') ?? '');
  const fromMs = Number.parseFloat(query.get('from') ?? '');
  const toMs = Number.parseFloat(query.get('to') ?? '');
  return {
    view: 'compare',
    baseline,
    other,
    ...(leaveOut && { leaveOut }),
    ...(measures && { measures }),
    ...(effect >= 0 && { effect }),
    ...(query.get('align') === 'phase' && { byPhase: true }),
    ...(query.get('only') === 'different' && { onlyDifferent: true }),
    ...(fromMs < toMs && { zoom: { fromMs, toMs } }),
  };
}

export function compareParameters(route: CompareRoute): Record<string, string | undefined> {
  const { byPhase, onlyDifferent, zoom } = route;
  const { effect, ...question } = compareQuestion(route);
  return {
    ...question,
    effect: effect?.toString(),
    align: byPhase ? 'phase' : undefined,
    only: onlyDifferent ? 'different' : undefined,
    from: zoom?.fromMs.toFixed(0),
    to: zoom?.toMs.toFixed(0),
  };
}

/** What the API is asked for, which tells one comparison from another. */
export function compareQuestion({ baseline, other, leaveOut, measures, effect }: CompareRoute): CompareQuery {
  return {
    a: baseline,
    b: other,
    ...(leaveOut && { leaveOut }),
    ...(measures && { measures }),
    ...(effect !== undefined && { effect }),
  };
}

/** The same the other way round; a stretch of what was shown is gone. */
export function swapped({ zoom: _, ...route }: CompareRoute): CompareRoute {
  return { ...route, baseline: route.other, other: route.baseline };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
