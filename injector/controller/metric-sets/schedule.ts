/** When a schedule of cron is due, in UTC. */
import { Cron } from 'croner';

/** Undefined where there is none any more. */
export function nextDue(schedule: string, afterMs: number): number | undefined {
  return cronOf(schedule).nextRun(new Date(afterMs))?.getTime();
}

/** What is wrong with it; undefined: nothing. */
export function scheduleProblem(schedule: string): string | undefined {
  try {
    return cronOf(schedule).nextRun() === null ? 'is never due' : undefined;
  } catch (error) {
    return `is no schedule of cron: ${(error as Error).message}`;
  }
}

function cronOf(schedule: string): Cron {
  // A shorthand is taken as it is; five fields are five, and no seconds.
  return new Cron(schedule, {
    paused: true,
    timezone: 'UTC',
    ...(!schedule.startsWith('@') && { mode: '5-part' }),
  });
}
