/** One time axis for two runs: from a moment of the axis to that of each run. Everything here is pure. */
import type { PhasePair } from '../../../protocol/comparison.ts';

export type SideName = 'a' | 'b';

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A part of the axis, as long as the longer of the two runs' parts; both begin at its start. */
export interface AlignedPart extends Span {
  readonly a?: Span;
  readonly b?: Span;
}

export interface Alignment {
  readonly parts: readonly AlignedPart[];
  readonly lengthMs: number;
}

/** Both runs from their starts on. */
export function alignedByStart(aMs: number, bMs: number): Alignment {
  return inRow([{ a: { fromMs: 0, toMs: aMs }, b: { fromMs: 0, toMs: bMs } }]);
}

/** Each phase from its own start on. */
export function alignedByPhase(pairs: readonly PhasePair[]): Alignment {
  return inRow(pairs);
}

function inRow(pairs: readonly { readonly a?: Span; readonly b?: Span }[]): Alignment {
  let atMs = 0;
  const parts = pairs.map(({ a, b }) => {
    const fromMs = atMs;
    atMs += Math.max(lengthOf(a), lengthOf(b));
    return { fromMs, toMs: atMs, ...(a && { a }), ...(b && { b }) };
  });
  return { parts, lengthMs: atMs };
}

function lengthOf(span: Span | undefined): number {
  return span === undefined ? 0 : span.toMs - span.fromMs;
}

/** The moment of a run at a moment of the axis; undefined where the run has none there. */
export function momentAt({ parts }: Alignment, side: SideName, axisMs: number): number | undefined {
  const part = parts.find(({ fromMs, toMs }) => axisMs >= fromMs && axisMs < toMs);
  const own = part?.[side];
  if (part === undefined || own === undefined) return undefined;
  const moment = own.fromMs + (axisMs - part.fromMs);
  return moment < own.toMs ? moment : undefined;
}

/** The stretch of a run that a stretch of the axis shows; undefined where it shows nothing of it. */
export function spanOf({ parts }: Alignment, side: SideName, axis: Span): Span | undefined {
  const spans = parts.flatMap((part) => {
    const own = part[side];
    if (own === undefined) return [];
    const fromMs = own.fromMs + Math.max(0, axis.fromMs - part.fromMs);
    const toMs = Math.min(own.toMs, own.fromMs + axis.toMs - part.fromMs);
    return fromMs < toMs ? [{ fromMs, toMs }] : [];
  });
  if (spans.length === 0) return undefined;
  return {
    fromMs: Math.min(...spans.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...spans.map(({ toMs }) => toMs)),
  };
}

/** Values of equal buckets over a span of a run, laid onto moments of the axis; null where the run has none. */
export function laidOnAxis(
  alignment: Alignment,
  side: SideName,
  axisMs: readonly number[],
  { values, span }: { readonly values: readonly (number | null)[]; readonly span: Span },
): (number | null)[] {
  const widthMs = (span.toMs - span.fromMs) / values.length;
  return axisMs.map((atMs) => {
    const moment = momentAt(alignment, side, atMs);
    if (moment === undefined) return null;
    return values[Math.floor((moment - span.fromMs) / widthMs)] ?? null;
  });
}
