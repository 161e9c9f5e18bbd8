/** Whether a run goes on is derived from its record, never stored: a writer that was killed could not store it. */
import type { runStates } from '../../protocol/query.ts';
import type { MemberRecord, RunRecord } from './model.ts';

export type RunState = (typeof runStates)[number];

export type Writer = NonNullable<MemberRecord['writer']>;

/** Whether a writer lives; undefined where that cannot be told from here (another machine, another boot). */
export type IsAlive = (writer: Writer) => boolean | undefined;

/** A member that has been silent for longer than this and two of its intervals is taken for dead. */
const SILENCE_MS = 60_000;

/** `nowMs`: ms since the Unix epoch. */
export function runState(record: RunRecord, nowMs: number, isAlive: IsAlive): RunState {
  const open = record.members.filter((member) => member.outcome === undefined);
  if (open.length === 0) return 'finished';
  const patienceMs = SILENCE_MS + 2 * record.intervalMs;
  const isLost = (member: MemberRecord) =>
    nowMs - member.lastSeenMs > patienceMs || (member.writer && isAlive(member.writer)) === false;
  return open.some(isLost) ? 'interrupted' : 'running';
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
