/** The one way in for batches: over HTTP, of a run in this process, and from a file. */

import { deflater } from '../../lib/deflater.ts';
import type { Batch } from '../../protocol/batch.ts';
import { decodeBatch } from '../../protocol/codec/batch-decode.ts';
import { schemaChecks } from '../../protocol/codec/batch-json.ts';
import { PodometerError } from '../../protocol/errors.ts';
import type { LiveRuns } from '../live/live-runs.ts';
import type { Acknowledgement, Store } from '../store/model.ts';

/** Printable ASCII without spaces, so that it can stand in an address, a log line and a key. */
const RUN_ID = /^[\x21-\x7e]{1,128}$/;

interface Watchers {
  /** Sees each batch once. */
  readonly live?: Pick<LiveRuns, 'prepare'>;
  /** Throws where the batch may not come from whoever sent it. */
  readonly admit?: (batch: Batch) => void;
}

/**
 * Decodes, checks and appends a batch; resolves when it is safe on disk. Rejects with PODO_BATCH_…, PODO_STORE_…,
 * PODO_RUN_NOT_FOUND, or whatever `admit` throws.
 */
export async function accept(
  store: Pick<Store, 'append'>,
  bytes: Uint8Array,
  { live, admit }: Watchers = {},
): Promise<Acknowledgement> {
  const batch = decodeBatch(bytes, schemaChecks, deflater, 'last');
  if (!RUN_ID.test(batch.run)) {
    throw new PodometerError(
      'PODO_BATCH_MALFORMED',
      `The run id ${JSON.stringify(batch.run.slice(0, 128))} is not 1 to 128 printable ASCII characters`,
      'Update the agent that sent it.',
    );
  }
  admit?.(batch);
  // The blocks are not kept while the disk works.
  const { blocks: _, ...head } = batch;
  const observe = live?.prepare(batch);
  const acknowledgement = await store.append(bytes, head);
  if (!acknowledgement.duplicate) observe?.();
  return acknowledgement;
}
