/** What a request to the API server failed with, as an error for a person. */
import { failureMessage, failureStatus } from '../../lib/cluster/api-access.ts';
import { systemCode } from '../../lib/errors.ts';
import { PodometerError } from '../../protocol/errors.ts';

/** `what`: what was asked for (`Deployment web`); `mend`: what helps where the cluster refused it. */
export function apiFailure(what: string, error: unknown, mend: (status: number) => string): PodometerError {
  const status = failureStatus(error);
  if (status === undefined) return unreachable(error);
  if (status === 401) {
    return new PodometerError(
      'PODO_CLUSTER_REFUSED',
      'The cluster does not know who you are: 401 Unauthorized',
      'Log in again as for kubectl; `kubectl auth whoami` tells whether it worked.',
      { cause: error },
    );
  }
  return new PodometerError(
    'PODO_CLUSTER_REFUSED',
    `The cluster refused ${what}: ${status} ${statusMessage(error)}`.trim(),
    mend(status),
    { cause: error },
  );
}

/** The words of the API server; empty where it had none. */
export function statusMessage(error: unknown): string {
  return failureMessage(error) ?? '';
}

function unreachable(error: unknown): PodometerError {
  return new PodometerError(
    'PODO_CLUSTER_UNREACHABLE',
    `The cluster does not answer: ${reasonOf(error)}`,
    'Check that kubectl reaches it with the same kubeconfig.',
    { cause: error },
  );
}

/** `fetch failed` tells nothing; its cause does. */
function reasonOf(error: unknown): string {
  const { cause } = (error ?? {}) as { cause?: unknown };
  const code = systemCode(error) ?? systemCode(cause);
  if (code !== undefined) return code;
  return error instanceof Error ? error.message : String(error);
}
