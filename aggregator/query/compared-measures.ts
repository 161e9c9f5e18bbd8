/** What two sides are compared by: the measures of a run, and two figures that follow from them. */
import { PodometerError } from '../../protocol/errors.ts';
import { type MeasureName, measures } from '../../protocol/measures.ts';
import type { ResultUnit } from '../../protocol/result-units.ts';
import { nearest } from './nearest.ts';
import { cpuSecondsOf } from './run-view.ts';

/** A run's measures by name, and what was reported of it by names that no measure has (compared-results.ts). */
export type JudgedValues = Readonly<Partial<Record<string, number>>>;

export interface ComparedMeasure {
  readonly name: string;
  readonly label: string;
  readonly unit: ResultUnit;
  readonly better: 'lower' | 'higher' | 'neutral';
  readonly family: 'headline' | 'other' | 'none';
  /** A smaller difference matters to nobody, whatever its share. */
  readonly leastDifference: number;
  read(values: JudgedValues): number | undefined;
}

/** What people judge a run by. The fewer they are, the fewer runs show a difference. */
const HEADLINES: ReadonlySet<string> = new Set([
  'wallSeconds',
  'cpuSeconds',
  'peakRssBytes',
  'readBytes',
  'writeBytes',
]);

/** Facts of the measuring, not of what was measured. */
const OF_THE_MEASURING: ReadonlySet<MeasureName> = new Set([
  'samples',
  'gaps',
  'intervalSeconds',
  'agentCpuSeconds',
  'agentPeakRssBytes',
]);

const LEAST_DIFFERENCE = { s: 0.02, By: 64 * 1024, '1': 10 } as const;

const derived: readonly ComparedMeasure[] = [
  {
    name: 'cpuSeconds',
    label: 'CPU time',
    unit: 's',
    better: 'lower',
    family: 'headline',
    leastDifference: LEAST_DIFFERENCE.s,
    // Sums of hundredths differ in their last digits.
    read: (values) => rounded(cpuSecondsOf(values)),
  },
  {
    name: 'averageCores',
    label: 'average cores',
    unit: '1',
    better: 'neutral',
    family: 'other',
    leastDifference: 0.02,
    read: (values) => {
      const cpu = cpuSecondsOf(values);
      return cpu === undefined || !values.wallSeconds ? undefined : cpu / values.wallSeconds;
    },
  },
];

function rounded(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1e6) / 1e6;
}

const [first, ...rest] = measures.map(
  ({ name, label, unit, better }): ComparedMeasure => ({
    name,
    label,
    unit,
    better,
    family: OF_THE_MEASURING.has(name) ? 'none' : HEADLINES.has(name) ? 'headline' : 'other',
    leastDifference: leastDifferenceOf(name, unit),
    read: (values) => values[name],
  }),
);

/** In the order of the measures, the derived ones after the wall time. */
export const comparedMeasures: readonly ComparedMeasure[] = [
  ...(first === undefined ? [] : [first]),
  ...derived,
  ...rest,
];

function leastDifferenceOf(name: MeasureName, unit: keyof typeof LEAST_DIFFERENCE): number {
  if (name === 'oomKills' || name === 'processes') return 1;
  return name === 'peakCores' ? 0.02 : LEAST_DIFFERENCE[unit];
}

/** The names as people type them: `wall`, `cpu` and `peakRss` are `wallSeconds`, `cpuSeconds` and `peakRssBytes`. */
export function comparedMeasure(name: string): ComparedMeasure | undefined {
  return comparedMeasures.find((one) => one.name === name || shortName(one.name) === name);
}

function shortName(name: string): string {
  return name.replace(/(Seconds|Bytes)$/, '');
}

/** Throws PODO_BAD_REQUEST for a name that is none. `field`: where it stood. */
export function requireComparedMeasure(name: string, field: string): ComparedMeasure {
  const found = comparedMeasure(name);
  if (found !== undefined) return found;
  const near = nearest(
    name,
    comparedMeasures.map((one) => shortName(one.name)),
  );
  throw new PodometerError(
    'PODO_BAD_REQUEST',
    `${field} names "${name}", which is not a measure`,
    near.length > 0
      ? `Did you mean ${near.join(' or ')}?`
      : 'docs/comparing.md lists them: wall, cpu, peakRss, read, write and more.',
  );
}
