/** When this machine was booted, and which boot it is. */
import { readFileSync } from 'node:fs';
import { ascii, integerAt, valueOffset } from './bytes.ts';

const BOOT_TIME = ascii('btime ');

/** /proc/sys/kernel/random/boot_id: another one at every boot. */
export function readBootId(procRoot: string): string {
  return readFileSync(`${procRoot}/sys/kernel/random/boot_id`, 'latin1').trim();
}

/** /proc/sys/kernel/random/uuid: 32 random hex digits. (node:crypto would take 1 MB of memory.) */
export function randomId(procRoot: string): string {
  return readFileSync(`${procRoot}/sys/kernel/random/uuid`, 'latin1').trim().replaceAll('-', '');
}

/** /proc/uptime: seconds since boot, time in sleep included, to 10 ms; the clock of start times in `stat`. */
export function readUptimeSeconds(procRoot: string): number {
  return Number.parseFloat(readFileSync(`${procRoot}/uptime`, 'latin1'));
}

/** /proc/stat btime: the boot in whole seconds since the Unix epoch; it moves when the clock is set. */
export function readBootTimeSeconds(procRoot: string): number {
  const bytes = readFileSync(`${procRoot}/stat`);
  return integerAt(bytes, valueOffset(bytes, BOOT_TIME));
}
