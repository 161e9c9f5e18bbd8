/**
 * /proc/PID/task/TID/wchan: the kernel's function that a thread waits in, without a line break. `0` where it does not
 * wait, where the kernel keeps no names, and for those who may not trace the process.
 */

/** Undefined where there is none to be told. */
export function parseWchan(bytes: Buffer): string | undefined {
  const name = bytes.toString('latin1');
  return name === '' || name === '0' ? undefined : name;
}
