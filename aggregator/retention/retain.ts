/** Looks at a store, and does what the plan says. */
import type { StateOf } from '../query/run-view.ts';
import type { KeptStore } from '../store/model.ts';
import { planRetention, type RetentionPlan, type RetentionStep } from './plan.ts';
import type { RetentionPolicy } from './policy.ts';

export type RetainedStore = Pick<
  KeptStore,
  'runs' | 'run' | 'usage' | 'footprint' | 'thin' | 'remove' | 'seal'
>;

export function planFor(
  store: RetainedStore,
  stateOf: StateOf,
  policy: RetentionPolicy,
  nowMs: number,
): RetentionPlan {
  const runs = [...store.runs()].map((record) => ({
    record,
    state: stateOf(record),
    footprint: store.footprint(record.id),
  }));
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
