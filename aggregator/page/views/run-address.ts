/** What the view of one run shows, as its address holds it. */

export interface RunRoute {
  readonly view: 'run';
  readonly ref: string;
  /** Of the run's time, ms since its start. */
  readonly zoom?: { readonly fromMs: number; readonly toMs: number } | undefined;
  /** What the charts stack; default: processes. */
  readonly by?: 'container' | undefined;
  /** Key of the process that was chosen. */
  readonly process?: string | undefined;
  /** Words that the name or the arguments of a process hold. */
  readonly find?: string | undefined;
  /** The table's column, `-` before it where the largest comes first; default: the start. */
  readonly sort?: string | undefined;
  /** Children do not stand below their parents. */
  readonly flat?: boolean | undefined;
  /** A narrow screen shows all columns of the table, too. */
  readonly wide?: boolean | undefined;
}

export function parseRunRoute(ref: string, query: URLSearchParams): RunRoute {
  const fromMs = Number.parseFloat(query.get('from') ?? '');
  const toMs = Number.parseFloat(query.get('to') ?? '');
  const text = (name: 'process' | 'find' | 'sort') => {
    const value = query.get(name);
    return value ? { [name]: value } : {};
  };
  return {
    view: 'run',
    ref,
    ...(fromMs < toMs && { zoom: { fromMs, toMs } }),
    ...(query.get('by') === 'container' && { by: 'container' }),
    ...text('process'),
    ...text('find'),
    ...text('sort'),
    ...(query.get('flat') === 'yes' && { flat: true }),
    ...(query.get('columns') === 'all' && { wide: true }),
  };
}

export function runParameters(route: RunRoute): Record<string, string | undefined> {
  const { zoom, by, process, find, sort, flat, wide } = route;
  return {
    from: zoom?.fromMs.toFixed(0),
    to: zoom?.toMs.toFixed(0),
    by,
    process,
    find,
    sort,
    flat: flat ? 'yes' : undefined,
    columns: wide ? 'all' : undefined,
  };
}
