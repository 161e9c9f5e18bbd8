/** Looks at a store, and does what the plan says. */
import { unhurried } from '../../lib/unhurried.ts';
import type { StateOf } from '../query/run-view.ts';
import type { KeptStore } from '../store/model.ts';
import { planRetention, type RetentionCandidate, type RetentionPlan, type RetentionStep } from './plan.ts';
import type { RetentionPolicy } from './policy.ts';

export type RetainedStore = Pick<
  KeptStore,
  'runs' | 'run' | 'usage' | 'footprint' | 'thin' | 'remove' | 'seal'
>;

/** Looks at one run after the other, so that other work of this process goes on. */
export async function planFor(
  store: RetainedStore,
  stateOf: StateOf,
  policy: RetentionPolicy,
  nowMs: number,
): Promise<RetentionPlan> {
  const runs: RetentionCandidate[] = [];
  for await (const record of unhurried(store.runs())) {
    // One that was removed in a pause is left out.
    if (store.run(record.id) === undefined) continue;
    runs.push({ record, state: stateOf(record), footprint: store.footprint(record.id) });
  }
  return planRetention(policy, runs, store.usage(), nowMs);
}

/**
 * Does the steps that still hold, one after the other, and answers those it did: a run that was pinned, deleted or taken
 * up again since the plan was made is left alone. What only makes room comes before what needs some at first, so that a
 * disk that is full does not hinder it.
 */
export async function applyPlan(
  store: RetainedStore,
  stateOf: StateOf,
  plan: RetentionPlan,
): Promise<RetentionStep[]> {
  const done: RetentionStep[] = [];
  for (const step of plan.steps.toSorted((a, b) => roomNeeded(a) - roomNeeded(b))) {
    const record = store.run(step.record.id);
    if (record === undefined || record.pinned || stateOf(record) === 'running') continue;
    if (step.to === 'deleted') await store.remove(record.id);
    else {
      await store.seal(record.id);
      await store.thin(record.id, step.to);
    }
    done.push(step);
  }
  return done;
}

/** A run must be sealed before it can be thinned, and its slices are written before its log goes. */
function roomNeeded({ to, record }: RetentionStep): number {
  if (to === 'deleted') return 0;
  return record.sealed ? 1 : 2;
}
