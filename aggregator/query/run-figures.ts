/** The figures of a run by which lists are sorted, without making all of its measures. */
import { measures } from '../../protocol/measures.ts';
import type { RunFigure } from '../../protocol/run-choices.ts';
import type { MemberRecord } from '../store/model.ts';
import { cpuSecondsOf, measuresOf, type WantedMeasures } from './run-view.ts';

export type RunFigures = Partial<Record<RunFigure, number>>;

const NEEDED: ReadonlySet<string> = new Set([
  'wallSeconds',
  'cpuUserSeconds',
  'cpuSystemSeconds',
  'peakRssBytes',
  'readBytes',
  'writeBytes',
]);
const needed: WantedMeasures = new Map(
  measures.filter(({ name }) => NEEDED.has(name)).map((measure) => [measure.id, measure]),
);

/** One that no member could read is absent. */
export function figuresOf(members: readonly Pick<MemberRecord, 'totals'>[]): RunFigures {
  const values = measuresOf(members, needed);
  const { cpuUserSeconds: _user, cpuSystemSeconds: _system, ...measured } = values;
  const figures: RunFigures = measured;
  const cpuSeconds = cpuSecondsOf(values);
  if (cpuSeconds === undefined) return figures;
  figures.cpuSeconds = cpuSeconds;
  if (values.wallSeconds) figures.averageCores = cpuSeconds / values.wallSeconds;
  return figures;
}
