/** The one way in for batches: over HTTP, of a run in this process, and from a file. */

import { deflater } from '../../lib/deflater.ts';
import { decodeBatch } from '../../protocol/codec/batch-decode.ts';
import { schemaChecks } from '../../protocol/codec/batch-json.ts';
import { PodometerError } from '../../protocol/errors.ts';
import type { LiveRuns } from '../live/live-runs.ts';
import type { Acknowledgement, Store } from '../store/model.ts';

/** Printable ASCII without spaces, so that it can stand in an address, a log line and a key. */
const RUN_ID = /^[\x21-\x7e]{1,128}$/;

/**
 * Decodes, checks and appends a batch; resolves when it is safe on disk. `live` sees each batch once. Rejects with PODO_BATCH_…, PODO_STORE_… or
 * PODO_RUN_NOT_FOUND.
 */
export async function accept(
  store: Pick<Store, 'append'>,
  bytes: Uint8Array,
  live?: Pick<LiveRuns, 'prepare'>,
): Promise<Acknowledgement> {
  const batch = decodeBatch(bytes, schemaChecks, deflater);
  if (!RUN_ID.test(batch.run)) {
    throw new PodometerError(
      'PODO_BATCH_MALFORMED',
      `The run id ${JSON.stringify(batch.run.slice(0, 128))} is not 1 to 128 printable ASCII characters`,
      'Update the agent that sent it.',
    );
  }
  // The samples, which may take many times the bytes, are not kept while the disk works.
  const { blocks: _, ...head } = batch;
  const observe = live?.prepare(batch);
  const acknowledgement = await store.append(bytes, head);
  if (!acknowledgement.duplicate) observe?.();
  return acknowledgement;
}
