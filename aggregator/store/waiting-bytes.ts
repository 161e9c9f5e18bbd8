/** How much of a run waits in the log to be sealed. */
import { logRange, type StoredRun } from './keys.ts';
import type { MemberRecord } from './model.ts';
import type { Tables } from './tables.ts';

/** Bytes by place. The log itself is read only where the records do not tell. */
export function* waitingBytes(
  { log }: Pick<Tables, 'log'>,
  { id, seal }: Pick<StoredRun, 'id' | 'seal'>,
  members: readonly MemberRecord[],
): Generator<number> {
  for (const [place, { lastSequence, bytes }] of members.entries()) {
    const through = seal.through[place] ?? -1;
    const sealed = through < 0 ? 0 : seal.throughBytes?.[place];
    if (through === lastSequence) yield 0;
    else if (bytes !== undefined && sealed !== undefined) yield bytes - sealed;
    else {
      let read = 0;
      for (const { value } of log.getRange(logRange(id, place, through + 1, lastSequence)))
        read += value.length;
      yield read;
    }
  }
}
