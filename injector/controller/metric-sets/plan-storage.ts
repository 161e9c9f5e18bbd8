/**
 * What is to be done about a MetricSet's storage metrics, from what it asks for and what is there. Pure: the same
 * question has the same answer, so that it can be asked again whenever anything moved.
 *
 * A run is first written into the status and then made, so that a controller that dies between the two neither forgets
 * it nor makes it twice.
 */
import type { V1Job } from '@kubernetes/client-node';
import type { StorageStatus } from '../../../protocol/metric-set.ts';
import { leftOvers, type Removal, type StorageFound } from './left-overs.ts';
import { MAKING_PODS, observeRun, type RunObservation } from './observe-run.ts';
import { nextDue } from './schedule.ts';
import {
  metricsOfRun,
  type RunPlace,
  runId,
  runNumber,
  runsOf,
  type StorageSet,
  storageMetrics,
} from './storage-set.ts';

export interface StorageEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: 'StorageRunStarted' | 'StorageRunSucceeded' | 'StorageRunFailed';
  readonly message: string;
}

export interface StoragePlan {
  /** Undefined: there is nothing to tell of. */
  readonly status: StorageStatus | undefined;
  /** The run whose objects are to be there. */
  readonly make: RunPlace | undefined;
  readonly remove: readonly Removal[];
  readonly events: readonly StorageEvent[];
  /** When something is due without anything moving. */
  readonly againAtMs: number | undefined;
}

export function planStorage(set: StorageSet, found: StorageFound, nowMs: number): StoragePlan {
  const { status, make, events, dueMs } =
    storageMetrics(set.spec).length === 0 ? nothing : step(set, found, nowMs);
  const { remove, againAtMs } = leftOvers(found, isActive(status) ? status?.started : undefined, nowMs);
  const times = [againAtMs, dueMs].filter((time) => time !== undefined);
  return {
    status,
    make,
    remove,
    events,
    againAtMs: times.length === 0 ? undefined : Math.min(...times),
  };
}

interface Step {
  readonly status: StorageStatus | undefined;
  readonly make: RunPlace | undefined;
  readonly events: readonly StorageEvent[];
  readonly dueMs: number | undefined;
}

const nothing: Step = { status: undefined, make: undefined, events: [], dueMs: undefined };

function step(set: StorageSet, found: StorageFound, nowMs: number): Step {
  const { status: before, generation, runAgain } = set;
  const isNew = before?.observedGeneration !== generation;
  if (before === undefined || isNew) return begin(set, 0);
  if (isActive(before)) return follow(set, before, found, nowMs);
  const { measured = 0, runs = 1 } = before;
  if (before.phase === 'Succeeded' && measured < runs) return begin(set, measured);
  if (runAgain !== undefined && runAgain !== before.observedRunAgain) return begin(set, 0);
  const dueMs = dueAfter(set, before);
  if (dueMs !== undefined && dueMs <= nowMs) return begin(set, 0, timeText(nowMs));
  const { nextScheduleTime: _, ...others } = before;
  return {
    status: { ...others, ...(dueMs !== undefined && { nextScheduleTime: timeText(dueMs) }) },
    make: undefined,
    events: [],
    dueMs,
  };
}

/** `repetition`: of the runs that were asked for together, from 0. `scheduledAt`: where the schedule begins it. */
function begin(set: StorageSet, repetition: number, scheduledAt?: string): Step {
  const { status: before, generation, runAgain, spec } = set;
  const number = (before?.started ?? 0) + 1;
  const place = { number, repetition };
  const pods = metricsOfRun(spec, place).reduce((total, { completions = 1 }) => total + completions, 0);
  const lastScheduleTime = scheduledAt ?? before?.lastScheduleTime;
  const runs = runsOf(storageMetrics(spec));
  const status: StorageStatus = {
    phase: 'Pending',
    message: MAKING_PODS,
    run: runId(set, number),
    started: number,
    measured: repetition,
    runs,
    pods,
    active: 0,
    succeeded: 0,
    failed: 0,
    observedGeneration: generation,
    ...(runAgain !== undefined && { observedRunAgain: runAgain }),
    ...(lastScheduleTime !== undefined && { lastScheduleTime }),
    ...(before?.results !== undefined && { results: before.results }),
  };
  const tools = metricsOfRun(spec, place).map(({ tool }) => tool);
  const which = runs === 1 ? '' : ` (${repetition + 1} of ${runs})`;
  const message = `Run ${number}${which} with ${tools.join(', ')}: ${runId(set, number)}`;
  return {
    status,
    make: undefined,
    events: [{ type: 'Normal', reason: 'StorageRunStarted', message }],
    dueMs: undefined,
  };
}

function follow(set: StorageSet, before: StorageStatus, found: StorageFound, nowMs: number): Step {
  const { started: number = 0, measured: repetition = 0 } = before;
  const place = { number, repetition };
  const expected = metricsOfRun(set.spec, place).length;
  const jobs = found.jobs.filter((job) => runNumber(job) === number);
  const pods = found.pods.filter((pod) => runNumber(pod) === number);
  const isGone = before.startTime !== undefined && jobs.length === 0;
  const seen = isGone ? gone : observeRun({ jobs, pods, whyNoPods: found.whyNoPods }, expected);
  const { message: _, ...unchanged } = before;
  const startTime = before.startTime ?? startOf(jobs);
  const status: StorageStatus = {
    ...unchanged,
    phase: seen.phase,
    active: seen.active,
    succeeded: seen.succeeded,
    failed: seen.failed,
    ...(seen.message !== undefined && { message: seen.message.slice(0, LONGEST_MESSAGE) }),
    ...(startTime !== undefined && { startTime }),
  };
  const make = jobs.length < expected ? place : undefined;
  if (isActive(status)) return { status, make, events: [], dueMs: undefined };
  return {
    status: {
      ...status,
      measured: repetition + 1,
      completionTime: timeText(nowMs),
      ...(seen.phase === 'Succeeded' && { results: [...seen.results] }),
    },
    make: undefined,
    events: [endEvent(number, seen)],
    // The runs after it, and what was asked for meanwhile.
    dueMs: nowMs,
  };
}

const LONGEST_MESSAGE = 1024;

const gone: RunObservation = {
  phase: 'Failed',
  active: 0,
  succeeded: 0,
  failed: 0,
  message: 'its Job is gone',
  results: [],
};

function endEvent(number: number, { phase, message, results }: RunObservation): StorageEvent {
  if (phase === 'Failed') {
    return {
      type: 'Warning',
      reason: 'StorageRunFailed',
      message: `Run ${number}: ${message ?? 'no reason is told'}`,
    };
  }
  const [headline] = results;
  const figure = headline === undefined ? '' : `: ${headline.name} ${headline.value} ${headline.unit}`;
  return { type: 'Normal', reason: 'StorageRunSucceeded', message: `Run ${number} has ended${figure}` };
}

function isActive(status: StorageStatus | undefined): boolean {
  return status?.phase === 'Pending' || status?.phase === 'Running';
}

function startOf(jobs: readonly V1Job[]): string | undefined {
  const times = jobs.flatMap(({ metadata }) =>
    metadata?.creationTimestamp === undefined ? [] : new Date(metadata.creationTimestamp).getTime(),
  );
  return times.length === 0 ? undefined : timeText(Math.min(...times));
}

/** After the last run. The clocks of its Job and of this program may differ, so that both count. Several that were missed are one. */
function dueAfter({ spec }: StorageSet, { lastScheduleTime, startTime }: StorageStatus): number | undefined {
  if (spec.schedule === undefined) return undefined;
  const times = [lastScheduleTime, startTime].map((text) => (text === undefined ? 0 : Date.parse(text)));
  return nextDue(spec.schedule, Math.max(...times));
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
