import { systemCode } from './errors.ts';

/** Whether any process of this machine has this pid. Not permitted to signal it means that it is there. */
export function processExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
