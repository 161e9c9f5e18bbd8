/** Reads of the API server in which "there is none" and "you may not" are answers. */
import { failureStatus } from '../../lib/cluster/api-access.ts';
import { apiFailure } from './api-failure.ts';

/** How long a read may take. */
export const ANSWER_MS = 15_000;

/** Throws PODO_CLUSTER_… with `what` in it, for anything but 403 and 404. */
export async function look<T extends object>(
  what: string,
  read: () => Promise<T>,
): Promise<T | 'absent' | 'forbidden'> {
  try {
    return await read();
  } catch (error) {
    const status = failureStatus(error);
    if (status === 404) return 'absent';
    if (status === 403) return 'forbidden';
    throw refusal(what, error);
  }
}

/** Undefined where there is none. Throws PODO_CLUSTER_…, also where it may not be read. */
export async function ifThere<T>(what: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (failureStatus(error) === 404) return undefined;
    throw refusal(what, error);
  }
}

function refusal(what: string, error: unknown) {
  return apiFailure(what, error, () => 'Ask for a role that allows it (docs/security.md).');
}
