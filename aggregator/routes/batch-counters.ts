/** What became of the batches that arrived since the server started. */
export interface BatchCounters {
  accepted: number;
  duplicate: number;
  refused: number;
  /** Of accepted batches. */
  bytes: number;
}

export function newBatchCounters(): BatchCounters {
  return { accepted: 0, duplicate: 0, refused: 0, bytes: 0 };
}
