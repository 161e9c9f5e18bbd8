/**
 * Every view has an address behind the `#`, so that the page works from any path and needs nothing of its server:
 * `#/?workload=NAME&text=WORDS` (views/runs-address.ts), `#/runs/REF?from=MS&to=MS` (views/run-address.ts) and `#/compare?a=SIDE&b=SIDE` (baseline
 * first; views/compare-address.ts).
 */
import { type CompareRoute, compareParameters, parseCompareRoute } from './views/compare-address.ts';
import { parseRunRoute, type RunRoute, runParameters } from './views/run-address.ts';
import { parseRunsRoute, type RunsRoute, runsParameters } from './views/runs-address.ts';

export type Route = RunsRoute | RunRoute | CompareRoute | { readonly view: 'unknown'; readonly path: string };

/** Whether a view that stands takes up an address, so that it need not be drawn anew. */
export type Adopts = (route: Route) => boolean;

/** A stretch of a run, ms since its start. */
export interface Zoom {
  readonly fromMs: number;
  readonly toMs: number;
}

export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2);
  const query = new URLSearchParams(search);
  if (path === '' || path === '/') return parseRunsRoute(query);
  const ref = /^\/runs\/([^/]+)$/.exec(path)?.[1];
  if (ref !== undefined) return parseRunRoute(decode(ref), query);
  const comparison = path === '/compare' ? parseCompareRoute(query) : undefined;
  return comparison ?? { view: 'unknown', path };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a view, to be put into a link or the location. */
export function addressOf(route: Route): string {
  switch (route.view) {
    case 'runs':
      return `#/${search(runsParameters(route))}`;
    case 'run':
      return `#/runs/${encodeURIComponent(route.ref)}${search(runParameters(route))}`;
    case 'compare':
      return `#/compare${search(compareParameters(route))}`;
    case 'unknown':
      return `#${route.path}`;
  }
}

function search(parameters: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value) query.set(name, value);
  }
  return query.size === 0 ? '' : `?${query}`;
}
