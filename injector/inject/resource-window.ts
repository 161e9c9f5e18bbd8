/** Finds a request and a limit within bounds, as near as can be to what was asked for. */

export interface Range {
  readonly least: number;
  readonly most: number;
}

export interface Ask {
  readonly request: number;
  readonly limit: number;
}

export interface Window {
  readonly request: Range;
  readonly limit: Range;
  /** Of limit to request, at most. */
  readonly ratio: number;
  /** The request must equal the limit. */
  readonly isFixed: boolean;
  /** `wanted`: there is one where it fits. */
  readonly limitIs: 'needed' | 'wanted' | 'left out';
  /** It is no fault to state nothing at all. */
  readonly mayBeSilent: boolean;
}

export interface Amounts {
  readonly request?: number;
  readonly limit?: number;
}

/** Undefined where nothing fits. */
export function fit(ask: Ask, window: Window): Amounts | undefined {
  return fitStated(ask, window) ?? (window.mayBeSilent ? {} : undefined);
}

function fitStated(ask: Ask, window: Window): Amounts | undefined {
  if (window.isFixed) return fitFixed(ask, window);
  const both = window.limitIs === 'left out' ? undefined : fitBoth(ask, window);
  if (both !== undefined || window.limitIs === 'needed') return both;
  const request = within(ask.request, window.request);
  return request === undefined ? undefined : { request };
}

function fitFixed(ask: Ask, { request, limit }: Window): Amounts | undefined {
  const amount = within(Math.max(ask.limit, ask.request), {
    least: Math.max(request.least, limit.least),
    most: Math.min(request.most, limit.most),
  });
  return amount === undefined ? undefined : { request: amount, limit: amount };
}

/** The limit comes first: it is lowered only where no request that is allowed is near enough to it. */
function fitBoth(ask: Ask, window: Window): Amounts | undefined {
  if (window.request.least > window.request.most) return undefined;
  const highest = Math.min(window.limit.most, Math.floor(window.request.most * window.ratio));
  const limit = within(Math.max(ask.limit, ask.request, window.request.least), {
    least: window.limit.least,
    most: highest,
  });
  if (limit === undefined) return undefined;
  const request = within(ask.request, {
    least: Math.max(window.request.least, Math.ceil(limit / window.ratio)),
    most: Math.min(window.request.most, limit),
  });
  return request === undefined ? undefined : { request, limit };
}

function within(amount: number, { least, most }: Range): number | undefined {
  return least > most ? undefined : Math.min(Math.max(amount, least), most);
}
