import { PodometerError } from '../protocol/errors.ts';

/** A command line that cannot be understood. `sentence` names the field and its value. */
export function usageError(sentence: string, mend: string): PodometerError {
  return new PodometerError('PODO_USAGE', sentence, mend);
}
