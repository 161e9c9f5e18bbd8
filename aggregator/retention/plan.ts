/** What a policy makes of the runs that there are, with the reason for each: nothing is done here. */
import { endedWell } from '../query/run-outcome.ts';
import type { Footprint, RunRecord, StoreUsage } from '../store/model.ts';
import type { RunState } from '../store/run-state.ts';
import { BASELINE_TAG, type RetentionFate, type RetentionPolicy, retentionFates } from './policy.ts';

export interface RetentionCandidate {
  readonly record: RunRecord;
  readonly state: RunState;
  readonly footprint: Footprint;
}

export interface RetentionStep {
  readonly record: RunRecord;
  readonly to: RetentionFate;
  /** A clause: `it ended 91 days ago; samples are kept for 90 days`. */
  readonly why: string;
  /** What the store gets back, about. */
  readonly bytes: number;
}

export interface RetentionPlan {
  /** Oldest runs first. */
  readonly steps: readonly RetentionStep[];
  /** Runs that a limit would have taken, and what saved them. */
  readonly spared: readonly { readonly record: RunRecord; readonly why: string }[];
  readonly usedBytes: number;
  readonly freedBytes: number;
  /** How many bytes the limits of space still ask for. */
  readonly lackingBytes: number;
}

/** A run while the plan is made. */
interface Draft extends RetentionCandidate {
  /** Why it may not be touched at all. */
  readonly saved: string | undefined;
  /** Why it may not be deleted. */
  readonly kept: string | undefined;
  fate: RetentionFate | undefined;
  why: string;
  /** What it would have come to, had it not been saved or kept. */
  lost: boolean;
}

/** `runs`: newest first. */
export function planRetention(
  policy: RetentionPolicy,
  runs: readonly RetentionCandidate[],
  usage: StoreUsage,
  nowMs: number,
): RetentionPlan {
  const baseline = baselineOf(runs, policy.baselineRuns);
  const drafts = runs.map((run) => draftOf(run, baseline.has(run.record.id))).reverse();
  for (const draft of drafts) judgeAge(draft, policy, nowMs);
  judgeCount(drafts, policy);
  const wantedBytes = spaceWanted(policy, usage);
  const lackingBytes = judgeSpace(drafts, wantedBytes);
  const steps = drafts.flatMap(stepOf);
  return {
    steps,
    spared: drafts.flatMap(({ record, lost, saved, kept, fate }) =>
      lost && fate !== 'deleted' ? [{ record, why: saved ?? kept ?? '' }] : [],
    ),
    usedBytes: usage.usedBytes,
    freedBytes: steps.reduce((sum, { bytes }) => sum + bytes, 0),
    lackingBytes,
  };
}

function draftOf(run: RetentionCandidate, isBaseline: boolean): Draft {
  const { record, state } = run;
  const saved = (): string | undefined => {
    if (state === 'running') return 'it has not ended';
    if (record.pinned) return 'it is pinned';
    return BASELINE_TAG in record.tags ? 'it is tagged as a baseline' : undefined;
  };
  const kept = isBaseline ? 'later runs are compared with it' : undefined;
  return { ...run, saved: saved(), kept, fate: undefined, why: '', lost: false };
}

/** The ids of the last good runs of each workload. */
function baselineOf(runs: readonly RetentionCandidate[], count: number): Set<string> {
  const good = runs.filter(({ record, state }) => endedWell(record, state));
  const byWorkload = Map.groupBy(good, ({ record }) => record.workload.name);
  return new Set(
    [...byWorkload.values()].flatMap((own) => own.slice(0, count).map(({ record }) => record.id)),
  );
}

function judgeAge(draft: Draft, policy: RetentionPolicy, nowMs: number): void {
  const ageMs = nowMs - endOf(draft.record);
  const limits = [
    ['levels', 'samples are', policy.samplesForMs],
    ['summary', 'levels are', policy.levelsForMs],
    ['deleted', 'runs are', policy.runsForMs],
  ] as const;
  for (const [fate, what, limitMs] of limits) {
    if (limitMs === undefined || ageMs <= limitMs) continue;
    condemn(draft, fate, `it ended ${ageText(ageMs)} ago, and ${what} kept for ${ageText(limitMs)}`);
  }
}

function judgeCount(drafts: readonly Draft[], { runsPerWorkload }: RetentionPolicy): void {
  if (runsPerWorkload === undefined) return;
  for (const own of Map.groupBy(drafts, ({ record }) => record.workload.name).values()) {
    const surplus = own.slice(0, Math.max(0, own.length - runsPerWorkload));
    for (const draft of surplus) {
      condemn(draft, 'deleted', `its workload has ${own.length} runs, and ${runsPerWorkload} are kept`);
    }
  }
}

interface SpaceWanted {
  readonly bytes: number;
  /** The disk itself has no room: a run that is not sealed cannot be thinned, for sealing needs some. */
  readonly isDiskFull: boolean;
  readonly why: string;
}

function spaceWanted(
  { mostBytes, leastFreeBytes = 0 }: RetentionPolicy,
  { usedBytes, reusableBytes, diskFreeBytes }: StoreUsage,
): SpaceWanted {
  const overLimit = usedBytes - (mostBytes ?? Number.POSITIVE_INFINITY);
  const lacking = leastFreeBytes - (diskFreeBytes + reusableBytes);
  if (overLimit >= lacking) {
    const why = `the history has ${byteText(usedBytes)}, and ${byteText(mostBytes ?? 0)} are kept`;
    return { bytes: overLimit, isDiskFull: false, why };
  }
  return { bytes: lacking, isDiskFull: true, why: `the disk is to have ${byteText(leastFreeBytes)} free` };
}

/** Everything is thinned, oldest runs first, before anything is deleted. Answers how many bytes still lack. */
function judgeSpace(drafts: readonly Draft[], { bytes, isDiskFull, why }: SpaceWanted): number {
  let lacking = bytes - drafts.reduce((sum, draft) => sum + freedBy(draft, draft.fate), 0);
  for (const fate of retentionFates) {
    for (const draft of drafts) {
      if (lacking <= 0) return 0;
      if (isDiskFull && fate !== 'deleted' && !draft.record.sealed) continue;
      const before = freedBy(draft, draft.fate);
      condemn(draft, fate, why);
      lacking -= freedBy(draft, draft.fate) - before;
    }
  }
  return Math.max(0, lacking);
}

/** Makes a run's fate harder, never milder. */
function condemn(draft: Draft, fate: RetentionFate, why: string): void {
  if (rank(fate) <= Math.max(rank(draft.fate), rank(draft.record.thinned))) return;
  if (draft.saved !== undefined || (fate === 'deleted' && draft.kept !== undefined)) {
    draft.lost = true;
    return;
  }
  draft.fate = fate;
  draft.why = why;
}

function rank(fate: RetentionFate | undefined): number {
  return fate === undefined ? -1 : retentionFates.indexOf(fate);
}

function stepOf(draft: Draft): RetentionStep[] {
  const { record, fate, why } = draft;
  return fate === undefined ? [] : [{ record, to: fate, why, bytes: freedBy(draft, fate) }];
}

/** Sealed, a log takes about as much as its slices do; what is not sealed yet counts as samples. */
function freedBy({ footprint }: RetentionCandidate, fate: RetentionFate | undefined): number {
  const { log, samples, levels, directory } = footprint;
  if (fate === undefined) return 0;
  const thinned = log + samples;
  if (fate === 'levels') return thinned;
  return fate === 'summary' ? thinned + levels : thinned + levels + directory;
}

function endOf({ members, startedAtMs }: RunRecord): number {
  return Math.max(startedAtMs, ...members.map(({ outcome, lastSeenMs }) => outcome?.endedAtMs ?? lastSeenMs));
}

const AGES = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
] as const;

function ageText(ms: number): string {
  const [unit, unitMs] = AGES.find(([, one]) => ms >= 2 * one) ?? (['seconds', 1000] as const);
  return `${Math.floor(ms / unitMs)} ${unit}`;
}

function byteText(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
