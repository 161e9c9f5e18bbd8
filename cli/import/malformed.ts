import { PodometerError } from '../../protocol/errors.ts';

/** A file that cannot be taken in. `sentence` names it, or what of it is wrong. */
export function malformed(
  sentence: string,
  mend = 'Give it as podometer wrote it, or take it from where it came once more.',
): PodometerError {
  return new PodometerError('PODO_IMPORT_MALFORMED', sentence, mend);
}
