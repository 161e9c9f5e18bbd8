import type { CommandContext } from './command.ts';
import { usageError } from './usage-error.ts';

/** `what`: `Deleting a@1`; `question`: the whole of it, without the choices. Throws PODO_USAGE where nobody can be asked. */
export async function isConfirmed({ ask }: CommandContext, what: string, question: string): Promise<boolean> {
  if (ask === undefined) {
    throw usageError(`${what} needs a yes, and there is no terminal to ask at`, 'Give --yes.');
  }
  return /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim());
}
