/** All live figures at one moment, and as they wait in the spool: columns by their numbers. */
import { columnById } from '../../protocol/metrics.ts';
import type { LivePoint } from '../live/live-point.ts';

export interface Moment {
  /** ms since the Unix epoch. */
  readonly atMs: number;
  /** When the counters began, alike. */
  readonly startMs: number;
  readonly points: readonly LivePoint[];
}

type WaitingPoint = readonly [column: number, attributes: LivePoint['attributes'], value: number];

export function momentText({ points, ...times }: Moment): string {
  const waiting = points.map(({ column, attributes, value }): WaitingPoint => [column.id, attributes, value]);
  return JSON.stringify({ ...times, points: waiting });
}

/** Undefined where the text was cut short. */
export function momentOf(text: string): Moment | undefined {
  try {
    const { points, ...times } = JSON.parse(text) as Omit<Moment, 'points'> & { points: WaitingPoint[] };
    return {
      ...times,
      points: points.flatMap(([id, attributes, value]) => {
        const column = columnById(id);
        return column === undefined ? [] : [{ column, attributes, value }];
      }),
    };
  } catch {
    return undefined;
  }
}
