/** Whether a run goes on is derived from its record, never stored: a writer that was killed could not store it. */
import type { runStates } from '../../protocol/query.ts';
import type { MemberRecord, RunRecord } from './model.ts';

export type RunState = (typeof runStates)[number];

export type Writer = NonNullable<MemberRecord['writer']>;

/** Whether a writer lives; undefined where that cannot be told from here (another machine, another boot). */
export type IsAlive = (writer: Writer) => boolean | undefined;

/** A member that has been silent for longer than this and two of its intervals is taken for dead. */
const SILENCE_MS = 60_000;

/** A controller replaces a pod at once; what it replaces it with has to be scheduled and started. */
const REPLACED_WITHIN_MS = 30_000;
/** Whether a Job goes on is told by the Job; where it cannot be asked: its pods are retried after 6 minutes at most. */
const RETRIED_WITHIN_MS = 420_000;
const JOB_KINDS: ReadonlySet<string> = new Set(['Job', 'CronJob', 'JobSet']);

/** `nowMs`: ms since the Unix epoch. */
export function runState(record: RunRecord, nowMs: number, isAlive: IsAlive): RunState {
  const open = record.members.filter((member) => member.outcome === undefined);
  const patienceMs = SILENCE_MS + 2 * record.intervalMs;
  const isLost = (member: MemberRecord) =>
    nowMs - member.lastSeenMs > patienceMs || (member.writer && isAlive(member.writer)) === false;
  // Agents of a workload that has ended may still deliver their last batches.
  if (record.ending !== undefined) return open.every(isLost) ? 'finished' : 'running';
  if (open.length === 0) return mayGoOn(record, nowMs) ? 'running' : 'finished';
  return open.some(isLost) ? 'interrupted' : 'running';
}

/** Whether the workload may yet make another pod in the place of those that ended, or has one that no agent speaks for. */
function mayGoOn({ workload, members, pods = [] }: RunRecord, nowMs: number): boolean {
  if (pods.length === 0 || workload.kind === 'Pod') return false;
  if (pods.some(({ outcome }) => outcome === undefined)) return true;
  const ends = [...members, ...pods].map(({ outcome }) => outcome?.endedAtMs ?? 0);
  const isJob = JOB_KINDS.has(workload.kind);
  return nowMs < Math.max(...ends) + (isJob ? RETRIED_WITHIN_MS : REPLACED_WITHIN_MS);
}

/**
 * Looks a writer up among the processes of this machine. `bootId`: this boot's, undefined where there is none to read;
 * `kill`: as process.kill, with signal 0 it only asks.
 */
export function localLiveness(
  bootId: string | undefined,
  kill: (pid: number, signal: 0) => unknown = process.kill,
): IsAlive {
  return (writer) => {
    if (bootId === undefined || writer.bootId !== bootId) return undefined;
    try {
      kill(writer.pid, 0);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
  };
}
