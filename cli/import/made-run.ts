/**
 * A run that is made anew out of a file: written into a history of its own beside the one that is to have it, sealed there, and
 * copied from there. So it appears at once and whole, or not at all.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { accept } from '../../aggregator/ingest/accept.ts';
import { asStoreError } from '../../aggregator/store/failures.ts';
import type { KeptStore } from '../../aggregator/store/model.ts';
import { openStore } from '../../aggregator/store/open.ts';
import { BatchMaker, type MadeMember } from './batch-maker.ts';

export interface Workshop {
  readonly store: KeptStore;
  /** `seenMs`: when its batches arrive, ms since the Unix epoch. */
  member(member: MadeMember, seenMs: number): BatchMaker;
}

/** Beside what a batch is late by, so that the run has ended when it is sealed. */
const LONG_MS = 2 ** 40;

/** Less than usual: values that hardly change take few bytes, and too many of them would be sealed at once. */
const SEAL_BYTES = 2 ** 15;

/** `make` fills the run `id`; `finish` may change its record after it was sealed. */
export async function makeRun(
  into: KeptStore,
  id: string,
  make: (workshop: Workshop) => Promise<void>,
  finish: (store: KeptStore) => Promise<unknown> = async () => {},
): Promise<'added' | 'repeated'> {
  if (into.run(id) !== undefined) return 'repeated';
  const folder = draftFolder(into.folder);
  let nowMs = 0;
  try {
    const store = await openStore(folder, { clock: { wallMs: () => nowMs }, sealBytes: SEAL_BYTES });
    try {
      await make({
        store,
        member(member, seenMs) {
          return new BatchMaker(member, (bytes) => {
            nowMs = seenMs;
            return accept(store, bytes);
          });
        },
      });
      nowMs += LONG_MS;
      await store.seal(id);
      await finish(store);
      return await into.copy(id, store.origin());
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function draftFolder(folder: string): string {
  try {
    return mkdtempSync(join(folder, '.import-'));
  } catch (error) {
    throw asStoreError(folder, error);
  }
}
