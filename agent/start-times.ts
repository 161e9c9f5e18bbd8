/**
 * Start times in /proc count clock ticks since boot, sleep included; the agent's clock is monotonic and leaves sleep
 * out. Both are the same where the machine has not slept, and then no reading error comes in between.
 */
import type { Clock } from '../lib/clock.ts';
import { readUptimeSeconds } from './procfs/boot.ts';

const TICK_MS = 10;
/** /proc/uptime is printed to 10 ms, so a smaller difference is none. */
const NO_SLEEP_MS = 50;

/** A function from a start time in clock ticks since boot to ms since the epoch, exact to one clock tick. */
export function startTimes(
  procRoot: string,
  clock: Clock,
  epochMonotonicMs: number,
): (startTicks: number) => number {
  const sleptMs = readUptimeSeconds(procRoot) * 1000 - clock.monotonicMs();
  const offsetMs = Math.abs(sleptMs) < NO_SLEEP_MS ? 0 : sleptMs;
  return (startTicks) => startTicks * TICK_MS - offsetMs - epochMonotonicMs;
}
