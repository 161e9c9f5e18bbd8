/** What a chart shows, apart from how it is drawn. */
import type { Values } from './lines.ts';

/** A colour by its name in style/charts.css. */
export type Ink = `series-${number}` | 'others' | 'short-lived';

/** Colours that tell series apart; beyond them comes `others`. */
export const INK_COUNT = 8;

export function inkAt(index: number): Ink {
  return `series-${(index % INK_COUNT) + 1}`;
}

export interface ChartSeries {
  readonly label: string;
  readonly ink: Ink;
  readonly dashed?: boolean;
  readonly values: Values;
}

export interface ChartModel {
  /** Seconds since the start of the run, one per bucket. */
  readonly times: readonly number[];
  /** Of a stacked chart: from the bottom up. */
  readonly series: readonly ChartSeries[];
  /** Seconds at which missed ticks were noticed. */
  readonly gapsAt: readonly number[];
  /** Seconds at which a phase begins, where they are to be seen. */
  readonly cutsAt?: readonly number[];
}

/** A moment that is marked in every chart. */
export interface ChartMark {
  readonly seconds: number;
  /** Something broke; else it is worth knowing. */
  readonly isGrave: boolean;
}

/** How one chart looks, whatever it shows. */
export interface ChartStyle {
  readonly title: string;
  /** What the y axis counts. */
  readonly axis: string;
  readonly stacked: boolean;
  readonly format: (value: number) => string;
  /** Distances between the y axis's ticks to choose from; default: round decimal numbers. */
  readonly increments?: readonly number[];
  /** The y axis reaches at least to here. */
  readonly least: number;
  /** The y axis spans the values alone, which may be below zero; else it begins at zero. */
  readonly free?: boolean;
}

/** Distances of ticks that are round in binary units: 1, 2, 4, … bytes. */
export const binaryIncrements: readonly number[] = Array.from({ length: 50 }, (_, power) => 2 ** power);

/** The ends of the y axis, a little beyond the least and the greatest value. */
export function valueSpan(
  { least, free }: Pick<ChartStyle, 'least' | 'free'>,
  min: number,
  max: number,
): [number, number] {
  if (!free) return [0, Math.max(least, max * 1.08)];
  const margin = 0.08 * (max - min || Math.abs(max) || 1);
  return [min - margin, max + margin];
}
