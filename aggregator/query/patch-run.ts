/** What may be changed of a run after the fact. */
import Value from 'typebox/value';
import { PodometerError } from '../../protocol/errors.ts';
import type { RunPatch, RunView } from '../../protocol/query.ts';
import { Tags } from '../../protocol/run.ts';
import type { RunRecord } from '../store/model.ts';

/** The record with the patch applied. Throws PODO_BAD_REQUEST where its tags would break their rules. */
export function patchRun(record: RunRecord, patch: RunPatch): RunRecord {
  const { note: oldNote, ...rest } = record;
  const note = patch.note === undefined ? oldNote : (patch.note ?? undefined);
  return {
    ...rest,
    tags: patchTags(record.tags, patch.tags ?? {}),
    ...(note !== undefined && { note }),
    pinned: patch.pinned ?? record.pinned,
  };
}

function patchTags(tags: Tags, changes: Readonly<Record<string, string | null>>): Tags {
  const merged = Object.entries({ ...tags, ...changes });
  const kept = Object.fromEntries(merged.filter((tag): tag is [string, string] => tag[1] !== null));
  if (Value.Check(Tags, kept)) return kept;
  const bad = Object.keys(changes).find((key) => !Value.Check(Tags, { [key]: '' }));
  throw new PodometerError(
    'PODO_BAD_REQUEST',
    bad === undefined
      ? `The body field "tags" would give the run ${Object.keys(kept).length} tags, and 64 is the most`
      : `The body field "tags" has the key ${JSON.stringify(bad)}, which is not one`,
    'A key is 1 to 63 letters, digits, dots, dashes, slashes or underscores and begins with a letter or digit.',
  );
}

/** Throws PODO_RUN_RUNNING. */
export function refuseRunning({ ref, state }: Pick<RunView, 'ref' | 'state'>): void {
  if (state !== 'running') return;
  throw new PodometerError(
    'PODO_RUN_RUNNING',
    `${ref} is still running`,
    'Wait until it has ended, or end it, and delete it then.',
  );
}
