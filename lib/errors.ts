/** How an unknown failure is told: by its code, its sentence and its mend where it is one of ours. */
import { PodometerError } from '../protocol/errors.ts';

/** The code of a Node system error (`ENOENT`, `EACCES`, …), or undefined. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Any thrown value as a PodometerError: ours as it is, everything else as PODO_INTERNAL with its cause. */
export function asPodometerError(error: unknown): PodometerError {
  if (error instanceof PodometerError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new PodometerError('PODO_INTERNAL', message, 'This is a fault of podometer; please report it.', {
    cause: error,
  });
}

/** Two lines for a person at a terminal: what happened, and how to mend it. */
export function describeError(error: PodometerError): string {
  return `podometer: ${error.message} [${error.code}]\n  ${error.mend}`;
}
