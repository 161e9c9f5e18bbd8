/** The figures of a run by which lists are sorted, without making all of its measures. */
import { measures } from '../../protocol/measures.ts';
import type { RunFigure } from '../../protocol/run-choices.ts';
import type { MemberRecord } from '../store/model.ts';
import { cpuSecondsOf, measuresOf } from './run-view.ts';

export type RunFigures = Partial<Record<RunFigure, number>>;

const NEEDED: ReadonlySet<string> = new Set([
  'wallSeconds',
  'cpuUserSeconds',
  'cpuSystemSeconds',
  'peakRssBytes',
  'readBytes',
  'writeBytes',
]);
const needed = measures.filter(({ name }) => NEEDED.has(name));

/** One that no member could read is absent. */
export function figuresOf(members: readonly Pick<MemberRecord, 'totals'>[]): RunFigures {
  const values = measuresOf(members, needed);
  const { cpuUserSeconds: _user, cpuSystemSeconds: _system, ...figures } = values;
  const cpuSeconds = cpuSecondsOf(values);
  const wall = values.wallSeconds;
  return {
    ...figures,
    ...(cpuSeconds !== undefined && { cpuSeconds }),
    ...(cpuSeconds !== undefined && wall && { averageCores: cpuSeconds / wall }),
  };
}
