/** A run as the API shows it, from the record as the store keeps it. */

import { combinedResults } from '../../protocol/combined-results.ts';
import { type Measure, type MeasureName, type MeasureValues, measures } from '../../protocol/measures.ts';
import type { RunView } from '../../protocol/query.ts';
import type { MemberRecord, RunRecord } from '../store/model.ts';
import type { RunState } from '../store/run-state.ts';
import { runOutcome } from './run-outcome.ts';
import { unitValue } from './unit-value.ts';

export type { RunState };

/** Where a record stands; the store's rule, which needs the time and a look at the writer. */
export type StateOf = (record: RunRecord) => RunState;

/** `WORKLOAD@N`: how people name a run. */
export function runRef(record: Pick<RunRecord, 'workload' | 'number'>): string {
  return `${record.workload.name}@${record.number}`;
}

/** What may be absent is added, not spread, which takes less time: a list makes a thousand of these. */
export function runView(record: RunRecord, state: RunState): RunView {
  const view: RunView = {
    id: record.id,
    ref: runRef(record),
    number: record.number,
    workload: record.workload,
    state,
    startedAt: new Date(record.startedAtMs).toISOString(),
    tags: record.tags,
    pinned: record.pinned,
    intervalMs: record.intervalMs,
    metrics: [...record.metrics],
    members: record.members.map(({ name, agent }) => ({ name, agent })),
    measures: measuresOf(record.members),
    agentVersion: record.agentVersion,
  };
  const outcome = runOutcome(record, state);
  if (outcome !== undefined) {
    view.endedAt = new Date(outcome.endedAtMs).toISOString();
    view.outcome = outcome;
  }
  if (record.command) view.command = [...record.command];
  if (record.note !== undefined) view.note = record.note;
  if (record.host) view.host = record.host;
  const results = combinedResults(record.members);
  if (results.length > 0) view.results = results;
  return view;
}

/** By id. */
export type WantedMeasures = ReadonlyMap<number, (typeof measures)[number]>;

const allMeasures: WantedMeasures = new Map(measures.map((measure) => [measure.id, measure]));

/** The members' totals combined and in their units; a measure that no member could read is absent. `wanted`: only these. */
export function measuresOf(
  members: readonly Pick<MemberRecord, 'totals'>[],
  wanted: WantedMeasures = allMeasures,
): MeasureValues {
  const [first] = members;
  if (first !== undefined && members.length === 1) return measuresOfOne(first.totals, wanted);
  const totals = members.map((member) => new Map(member.totals));
  const values: Partial<Record<MeasureName, number>> = {};
  for (const measure of wanted.values()) {
    const stored = combined(measure, totals);
    if (stored !== undefined) values[measure.name] = unitValue(stored, measure);
  }
  return values;
}

/** Of most runs: nothing is combined, and only what was read is looked at. */
function measuresOfOne(totals: MemberRecord['totals'], wanted: WantedMeasures): MeasureValues {
  const values: Partial<Record<MeasureName, number>> = {};
  for (const [id, stored] of totals) {
    const measure = wanted.get(id);
    if (measure !== undefined) values[measure.name] = unitValue(stored, measure);
  }
  return values;
}

/** CPU time of every process of the run, short-lived ones included; undefined where neither mode was read. */
export function cpuSecondsOf({ cpuUserSeconds, cpuSystemSeconds }: MeasureValues): number | undefined {
  if (cpuUserSeconds === undefined && cpuSystemSeconds === undefined) return undefined;
  return (cpuUserSeconds ?? 0) + (cpuSystemSeconds ?? 0);
}

/** Undefined where no member has it; of one that every member must have, where any has not. */
function combined(
  { id, combine }: Measure,
  totals: readonly ReadonlyMap<number, number>[],
): number | undefined {
  let stored: number | undefined;
  for (const total of totals) {
    const value = total.get(id);
    if (value === undefined && combine === 'all') return undefined;
    if (value === undefined) continue;
    if (stored === undefined) stored = value;
    else stored = combine === 'max' ? Math.max(stored, value) : stored + value;
  }
  return stored;
}
